import { defineConfig } from "@playwright/test";

import { chromiumOptions } from "./e2e/chromium.ts";

/** Marks tests in which no stream runs: nothing that they wait for or look at is spoilt by another test beside them. */
const still = /@still/;

/** Browser tests against the built instrument; e2e/server.ts starts one server for each worker. */
export default defineConfig({
  testDir: "e2e",
  // Servers of others, which `npm run test:peers` installs and measures.
  testIgnore: "peers/**",
  outputDir: "test-results/e2e",
  workers: 1,
  projects: [
    // Sender and receiver share the machine with the test itself: side by side such tests would measure each other.
    { name: "streams", grepInvert: still },
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
