import { requireNode } from "./node-version.mjs";
import { install } from "./prepare.mjs";
import { run, tool } from "./run.mjs";

requireNode();
install();

/** What passes before anything is run. Each line runs in order; the lines run side by side. */
const lines = [
  [
    ["types", ...tool("typescript/bin/tsc", "-b")],
    ["docs", process.execPath, ["deploy/check-docs.mjs"]],
    ["duplicates", ...tool("jscpd/bin/jscpd", "src")],
  ],
  [
    ["format", ...tool("oxfmt/bin/oxfmt", "--check", ".")],
    ["lint", ...tool("oxlint/bin/oxlint", "--type-aware", "--quiet")],
    ["unused", ...tool("knip/bin/knip.js")],
    ["size", process.execPath, ["deploy/check-size.mjs"]],
  ],
];

let failedCount = 0;

async function runLine(checks) {
  for (const [name, command, args] of checks) {
    const startMs = performance.now();
    const { code, said } = await run(command, args);
    const tookS = ((performance.now() - startMs) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? "ok    " : "FAILED"} ${name.padEnd(12)} ${tookS.padStart(5)} s\n`);
    if (code === 0) continue;
    failedCount += 1;
    process.stdout.write(`${said.trimEnd()}\n\n`);
  }
}

await Promise.all(lines.map(runLine));
if (failedCount > 0) {
  process.stdout.write(
    `${failedCount} ${failedCount === 1 ? "check" : "checks"} failed. npm run fix mends format and some lint.\n`,
  );
  process.exitCode = 1;
}
