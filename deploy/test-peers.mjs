import { mkdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

import { requireNode } from "./node-version.mjs";
import { installPeers } from "./peers/install.mjs";
import { build, install, root } from "./prepare.mjs";
import { run, tool } from "./run.mjs";
import { peers, setUp } from "./setup.mjs";

requireNode();
install();
if (!setUp({ check: false, more: peers })) process.exit(1);
installPeers();
build();

mkdirSync(join(root, "test-results"), { recursive: true });
const config = ["--config", "playwright.peers.config.ts"];
const { code } = await run(...tool("@playwright/test/cli.js", "test", ...config, ...process.argv.slice(2)), {
  show: true,
});

/** Rows that tests left as annotations, wherever they stand in the report. */
function rowsOf(suite) {
  const tests = (suite.specs ?? []).flatMap((spec) => spec.tests);
  const own = tests.flatMap(({ annotations }) => annotations.filter(({ type }) => type === "peer"));
  return [...own.map(({ description }) => JSON.parse(description)), ...(suite.suites ?? []).flatMap(rowsOf)];
}

const report = JSON.parse(readFileSync(join(root, "test-results/peers.json"), "utf8"));
const lines = report.suites
  .flatMap(rowsOf)
  .map(
    ({ peer, road, fps, frameCount, readPct, givenReadPct, p50Ms, p95Ms }) =>
      `| ${[peer, road, fps, frameCount, readPct, givenReadPct, p50Ms, p95Ms].join(" | ")} |`,
  );
process.stdout.write(
  [
    `Measured on ${cpus().length} cores, sender and receiver on the same machine.`,
    "",
    "| peer | road | frames per second | frames | read, % | of those given, % | latency p50, ms | p95, ms |",
    "| --- | --- | --: | --: | --: | --: | --: | --: |",
    ...lines,
    "",
  ].join("\n"),
);
const slurm = await run(process.execPath, [join(root, "deploy/slurm/test.mjs")], { show: true });
process.exitCode = code === 0 ? slurm.code : code;
