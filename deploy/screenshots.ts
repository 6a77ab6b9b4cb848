import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { Page } from "playwright";

import { launchChromium } from "../e2e/chromium.ts";
import { startServer } from "../e2e/server.ts";

/** Takes the README's pictures: both tabs at work, on a desktop and a phone, in dark and light. `npm run screenshots`. */

const directory = join(import.meta.dirname, "screenshots");
const sizes = { desktop: { width: 1280, height: 900 }, phone: { width: 360, height: 780 } } as const;
/** Frames to measure before the pictures are taken: the charts have something to show. */
const measuredFrames = 900;

type Face = {
  readonly streamgauge?: {
    readonly snapshot: () => {
      readonly join?: string | null;
      readonly measures?: { readonly reading: { readonly displayedCount: number } };
    };
  };
};

async function untilMeasured(receiver: Page): Promise<void> {
  await receiver.waitForFunction(
    (wanted) => {
      const { measures } = (globalThis as Face).streamgauge?.snapshot() ?? {};
      return (measures?.reading.displayedCount ?? 0) >= wanted;
    },
    measuredFrames,
    { timeout: 180_000 },
  );
}

async function takeAll(name: string, page: Page): Promise<void> {
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      // Charts follow the width at their next drawing, once a second.
      await page.waitForTimeout(1500);
      await page.screenshot({ path: join(directory, `${name}-${size}-${colorScheme}.png`) });
    }
  }
}

const server = await startServer();
const browser = await launchChromium();
try {
  mkdirSync(directory, { recursive: true });
  const sender = await (await browser.newContext({ viewport: sizes.desktop })).newPage();
  await sender.goto(`${server.url}/sender?start=1`);
  const joined = await sender.waitForFunction(
    () => (globalThis as Face).streamgauge?.snapshot().join ?? null,
  );
  const receiver = await (await browser.newContext({ viewport: sizes.desktop })).newPage();
  await receiver.goto(`${server.url}/receiver?join=${String(await joined.jsonValue())}&start=1`);
  await untilMeasured(receiver);
  await takeAll("receiver", receiver);
  await takeAll("sender", sender);
} finally {
  await browser.close();
  await server.stop();
}
