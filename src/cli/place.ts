import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import * as v from "valibot";

/** The project's directory: two up from here both in the sources and in the built command. */
export const projectDirectory: string = fileURLToPath(new URL("../../", import.meta.url));

const packageSchema = v.object({ version: v.string() });

/** The version of this instrument, as package.json states it. */
export async function readVersion(): Promise<string> {
  const text = await readFile(`${projectDirectory}package.json`, "utf8");
  return v.parse(packageSchema, JSON.parse(text)).version;
}
