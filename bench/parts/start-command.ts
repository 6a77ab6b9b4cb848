import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A built `streamgauge` that runs, as a user starts it. */
export type StartedCommand = {
  readonly pid: number;
  /** All that it has written, on either stream. */
  readonly said: () => string;
  readonly ended: () => boolean;
  /** SIGKILL; resolves when it is gone. */
  readonly kill: () => Promise<void>;
  /** Epoch ms of the kill. */
  readonly killedAtMs: () => number;
};

/**
 * Starts the built command. Whoever starts it kills it.
 * @param data its data directory
 */
export function startCommand(args: readonly string[], data: string): StartedCommand {
  const command = join(import.meta.dirname, "../../dist/node/streamgauge.js");
  const child = spawn(process.execPath, [command, ...args], {
    env: { ...process.env, STREAMGAUGE_DATA: data, DATABASE_URL: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let said = "";
  let killedAtMs = 0;
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => (said += String(piece)));
  return {
    pid: child.pid ?? 0,
    said: () => said,
    ended: () => child.exitCode !== null,
    kill: async () => {
      killedAtMs = Date.now();
      child.kill("SIGKILL");
      await exited;
    },
    killedAtMs: () => killedAtMs,
  };
}
