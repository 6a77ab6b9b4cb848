import { chromium, type Browser, type LaunchOptions } from "playwright";

import { findBrowser } from "../src/cli/drive/browsers.ts";

/** No prompts, no traffic of its own, and a fake camera: what every browser of tests, benches and pictures is told. */
const flags: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
];

/** How this machine's Chromium or Chrome is launched; Playwright's own where there is none. */
export function chromiumOptions(): LaunchOptions {
  const found = findBrowser(null, process.env["PATH"] ?? "", () => chromium.executablePath());
  const path = found.ok ? found.value.path : null;
  return { args: [...flags], ...(path === null ? {} : { executablePath: path }) };
}

/** Launches it. Whoever launched it closes it. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch(chromiumOptions());
}
