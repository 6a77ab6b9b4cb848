import { defineConfig } from "@playwright/test";

import base from "./playwright.config.ts";

/** Measurements with servers of others; run by `npm run test:peers`. */
export default defineConfig({
  ...base,
  testDir: "e2e/peers",
  testIgnore: [],
  outputDir: "test-results/peers",
  reporter: [["list"], ["json", { outputFile: "test-results/peers.json" }]],
});
