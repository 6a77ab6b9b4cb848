import { chromium } from "playwright";
import { launch, type Browser } from "puppeteer-core";

import { chromiumOptions } from "./chromium.ts";

/**
 * Starts a Chromium in which the tabs behind the one in front are hidden and throttled, as they are for a user: Playwright
 * tells every page that it is looked at. The caller closes it.
 */
export async function launchHidingChromium(): Promise<Browser> {
  const { args = [], executablePath = chromium.executablePath() } = chromiumOptions();
  return launch({
    args: [...args],
    executablePath,
    ignoreDefaultArgs: [
      "--disable-background-timer-throttling",
      "--disable-backgrounding-occluded-windows",
      "--disable-renderer-backgrounding",
    ],
  });
}
