import { defineConfig } from "@playwright/test";

import { chromiumOptions } from "./e2e/chromium.ts";

/**
 * As a tag or at the end of a title, marks tests in which no stream is sent live: nothing that they wait for or look at is spoilt by
 * another test beside them.
 */
const still = /@still/;

/**
 * Marks tests in which streams run, but which claim nothing that load changes: what a file holds, what a page says, that it goes on.
 * Two such fit on two cores.
 */
const beside = /@beside/;

/** Browser tests against the built instrument; e2e/server.ts starts one server for each worker. */
export default defineConfig({
  testDir: "e2e",
  // Servers of others, which `npm run test:peers` installs and measures.
  testIgnore: "peers/**",
  outputDir: "test-results/e2e",
  workers: 1,
  projects: [
    // Sender and receiver share the machine with the test itself: side by side such tests would measure each other.
    { name: "streams", grepInvert: [still, beside] },
    { name: "beside", grep: beside, fullyParallel: true },
    { name: "still", grep: still, fullyParallel: true },
  ],
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env["CI"] !== undefined,
  reporter: [["list"], ["json", { outputFile: "test-results/playwright.json" }]],
  use: {
    browserName: "chromium",
    headless: true,
    ignoreHTTPSErrors: true,
    // No trace: its screencast and snapshots would be measured along with the streams.
    screenshot: "only-on-failure",
    launchOptions: chromiumOptions(),
  },
});
