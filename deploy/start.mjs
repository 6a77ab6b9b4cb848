import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { join } from "node:path";

import { requireNode } from "./node-version.mjs";
import { compileKernels, install, root } from "./prepare.mjs";

const args = process.argv.slice(2);

/** npm passes a request to end (SIGTERM) to a shell that does not pass it on: when that shell is gone, this ends too. */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
  }, 500).unref();
}

/** Runs the server from its sources, anew whenever they change; the page is reloaded by Vite. */
function develop() {
  let child;
  let again = false;
  const run = () => {
    again = false;
    child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", "start", ...args], {
      cwd: root,
      stdio: "inherit",
    });
    child.on("exit", (code) => {
      if (again) run();
      else process.exit(code ?? 1);
    });
  };
  watch(join(root, "src"), { recursive: true }, (_event, file) => {
    if (again || file === null || !/^(?:server|cli|core)\b.*(?<!\.test)\.ts$/.test(file)) return;
    again = true;
    child.kill("SIGTERM");
  });
  // Ctrl-C reaches the child by itself; this process waits for it. A request to end is handed on.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      again = false;
      child.kill(signal);
    });
  }
  run();
}

endWithNpm();
if (args.includes("--dev")) {
  requireNode();
  install();
  compileKernels();
  develop();
} else {
  process.argv.splice(2, 0, "start");
  await import("./streamgauge.mjs");
}
