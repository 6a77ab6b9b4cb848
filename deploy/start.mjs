import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { requireNode } from "./node-version.mjs";
import { build, install, root } from "./prepare.mjs";

requireNode();
install();

const args = process.argv.slice(2);

/** The server from its sources, started anew when they change; Vite reloads the page. */
function develop() {
  const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
  const child = spawn(
    process.execPath,
    [tsx, "watch", "--clear-screen=false", "src/cli/main.ts", "start", ...args],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
  // Ctrl-C reaches the child by itself; this process waits for it. A request to end is handed on.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => {
    process.exitCode = code ?? 0;
  });
}

if (args.includes("--dev")) develop();
else {
  build();
  const command = join(root, "dist/node/streamgauge.js");
  process.argv = [process.argv[0], command, "start", ...args];
  await import(pathToFileURL(command).href);
}
