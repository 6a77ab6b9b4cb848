import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { requireNode } from "./node-version.mjs";
import { build, install, root } from "./prepare.mjs";
import { run, tool } from "./run.mjs";

requireNode();
// Debian's packages come while npm's do, and while the page is built and checked: neither needs them.
const programs = run(process.execPath, ["deploy/setup.mjs"], { inherit: true });
install();

const results = join(root, "test-results");
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const sum = { passed: 0, failed: 0, skipped: 0 };

function add({ passed, failed, skipped }) {
  sum.passed += passed;
  sum.failed += failed;
  sum.skipped += skipped;
}

/** Counts of a report; a program that failed without any failed test, or left no report, is one failure itself. */
function count(code, read) {
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    counts = read();
  } catch {
    counts.failed = 1;
  }
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  add(counts);
}

const readReport = (name) => JSON.parse(readFileSync(join(results, name), "utf8"));

async function check() {
  const { code } = await run(process.execPath, ["deploy/check.mjs"], { show: true });
  add({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });
}

async function unitTests() {
  const report = join(results, "vitest.json");
  const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { code } = await run(...tool("vitest/vitest.mjs", ...args), { show: true });
  count(code, () => {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } =
      readReport("vitest.json");
    // A file that cannot even be loaded has no tests to fail.
    const broken = testResults.filter(
      ({ status, assertionResults }) =>
        status === "failed" && assertionResults.every((test) => test.status !== "failed"),
    ).length;
    return {
      passed: numPassedTests,
      failed: numFailedTests + broken,
      skipped: numPendingTests + numTodoTests,
    };
  });
}

async function browserTests(projects, workers) {
  const report = `playwright-${projects[0]}.json`;
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: join(results, report) };
  const args = ["test", ...projects.map((name) => `--project=${name}`), `--workers=${workers}`];
  const { code } = await run(...tool("@playwright/test/cli.js", ...args), { show: true, env });
  count(code, () => {
    const { stats, errors } = readReport(report);
    return {
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky + errors.length,
      skipped: stats.skipped,
    };
  });
}

build();
await check();
await programs;
await unitTests();
await browserTests(["streams"], 1);
await browserTests(["beside", "still"], 2);

const skipped = sum.skipped === 0 ? "" : `, ${sum.skipped} skipped`;
process.stdout.write(`${sum.passed} passed, ${sum.failed} failed${skipped}\n`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;
