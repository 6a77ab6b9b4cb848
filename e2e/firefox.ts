import { existsSync } from "node:fs";

import { launch, type Browser } from "puppeteer-core";

const places = [
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
  "/snap/bin/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/** Where this machine keeps Firefox, or null. */
export function findFirefox(): string | null {
  return places.find((place) => existsSync(place)) ?? null;
}

/**
 * Starts a headless Firefox over WebDriver BiDi. Playwright drives only its own patched Firefox, which cannot be had
 * everywhere; puppeteer drives the one that users have. The caller closes it.
 */
export async function launchFirefox(): Promise<Browser> {
  const executablePath = findFirefox();
  if (executablePath === null) throw new Error("Firefox is not installed: node deploy/setup.mjs installs it");
  return launch({
    browser: "firefox",
    executablePath,
    headless: true,
    acceptInsecureCerts: true,
    extraPrefsFirefox: {
      "media.autoplay.default": 0,
      "media.peerconnection.ice.loopback": true,
      "media.peerconnection.ice.obfuscate_host_addresses": false,
    },
  });
}
