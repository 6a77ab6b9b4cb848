import { access, constants, mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { fail, reason, succeed, type Result } from "../core/failure.ts";

/** Where this machine keeps what the server makes: STREAMGAUGE_DATA, or `streamgauge` in the XDG state directory. */
export function dataDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const { STREAMGAUGE_DATA: own, XDG_STATE_HOME: state } = environment;
  if (own !== undefined && own !== "") return own;
  if (state !== undefined && state !== "") return join(state, "streamgauge");
  return join(homedir(), ".local", "state", "streamgauge");
}

/** Makes the directory, for this user alone, if it is not there. */
export async function openDataDirectory(directory: string): Promise<Result<string>> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    // oxlint-disable-next-line no-bitwise -- access(2) takes a mask
    await access(directory, constants.R_OK | constants.W_OK);
    return succeed(directory);
  } catch (error) {
    return fail({
      kind: "denied",
      what: "Opening the data directory",
      where: directory,
      next: "Make it writable, or set STREAMGAUGE_DATA to a directory that is.",
      cause: reason(error),
    });
  }
}
