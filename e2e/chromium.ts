import { chromium, type Browser, type LaunchOptions } from "playwright";

import { findBrowser } from "../src/cli/drive/browsers.ts";
import { quietArguments } from "../src/cli/drive/launch.ts";

/** How this machine's Chromium or Chrome is launched; Playwright's own where there is none. */
export function chromiumOptions(): LaunchOptions {
  const found = findBrowser(null, process.env["PATH"] ?? "", () => chromium.executablePath());
  const path = found.ok ? found.value.path : null;
  return { args: ["--no-sandbox", ...quietArguments], ...(path === null ? {} : { executablePath: path }) };
}

/** Launches it. Whoever launched it closes it. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch(chromiumOptions());
}
