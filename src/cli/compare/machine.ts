import { cpus, hostname, release, totalmem, type } from "node:os";

import type { Machine } from "../../core/runs/run.ts";

/** This machine and these programs; the browser tells its own version when it runs. */
export function describeMachine(version: string): Omit<Machine, "browser"> {
  const cores = cpus();
  return {
    host: hostname(),
    system: `${type()} ${release()} ${process.arch}`,
    cpu: cores[0]?.model.trim() ?? "unknown",
    coreCount: cores.length,
    memoryBytes: totalmem(),
    node: process.version,
    streamgauge: version,
  };
}
