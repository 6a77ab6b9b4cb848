import { spawn } from "node:child_process";

import { requireNode } from "./node-version.mjs";
import { build, install, root } from "./prepare.mjs";

requireNode();
install();
build();

// stdout is the benchmark's alone: with --json it carries one object and nothing else.
const child = spawn(process.execPath, ["--import", "tsx", "bench/main.ts", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.on("SIGINT", () => undefined);
child.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
