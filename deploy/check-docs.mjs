import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./prepare.mjs";

/** Where `tsc -b` leaves declarations. */
const declarations = ["node_modules/.cache/tsc", "node_modules/.cache/tsc-workers"];

/** Exports of a declaration file that stand without a docstring right above them. */
function bareExports(text) {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    // `export {}` and `export { x } from` state nothing of their own.
    if (!/^export (?!\{|\*|type \{)/.test(line)) return [];
    const above = lines[index - 1] ?? "";
    // Overloads share the docstring of the first.
    const name = /function (\w+)/.exec(line)?.[1];
    if (name !== undefined && above.startsWith(`export declare function ${name}`)) return [];
    return above.trimEnd().endsWith("*/") ? [] : [line];
  });
}

const complaints = new Set();
for (const directory of declarations) {
  const path = join(root, directory);
  if (!existsSync(path)) continue;
  for (const file of readdirSync(path, { recursive: true })) {
    if (!file.endsWith(".d.ts")) continue;
    const source = [".ts", ".tsx"]
      .map((end) => join("src", file.replace(/\.d\.ts$/, end)))
      .find((candidate) => existsSync(join(root, candidate)));
    // Declarations outlive their sources in the cache.
    if (source === undefined) continue;
    for (const line of bareExports(readFileSync(join(path, file), "utf8"))) {
      complaints.add(`${source}: ${line.slice(0, 100)}`);
    }
  }
}

if (complaints.size > 0) {
  process.stdout.write(`Exports without a docstring:\n${[...complaints].join("\n")}\n`);
  process.exitCode = 1;
}
