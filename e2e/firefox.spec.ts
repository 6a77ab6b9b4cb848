import { expect } from "@playwright/test";

import type { ReceiverAutomation, ReceiverSnapshot } from "../src/core/wire/automation.ts";
import { openSender } from "./conditions.ts";
import { findFirefox, launchFirefox } from "./firefox.ts";
import { test } from "./server.ts";

test("Firefox, which has no MediaStreamTrackProcessor, receives and reads from the element", async ({
  openDevice,
  server,
}) => {
  test.skip(findFirefox() === null, "Firefox is not installed");
  const sender = await openSender(await openDevice(), "&size=640x360&fps=20&codec=vp8");
  const firefox = await launchFirefox();
  try {
    const page = await firefox.newPage();
    await page.goto(`${server.url}/receiver?join=${sender.join}&start=1`);
    await page.waitForFunction(
      () => {
        const { streamgauge } = globalThis as { readonly streamgauge?: ReceiverAutomation };
        const state = streamgauge?.snapshot();
        return state?.phase === "measuring" && state.measures.reading.displayedCount >= 150;
      },
      { timeout: 60_000 },
    );
    const state = await page.evaluate<[], () => ReceiverSnapshot>(() =>
      (globalThis as unknown as { readonly streamgauge: ReceiverAutomation }).streamgauge.snapshot(),
    );
    if (state.phase !== "measuring") throw new Error(`Firefox is ${state.phase}`);
    const { reading, latencyMs } = state.measures;
    const share = reading.readRatio.known ? reading.readRatio.value : 0;
    expect(share, JSON.stringify(reading)).toBeGreaterThanOrEqual(0.99);
    expect(latencyMs.p50).toMatchObject({ known: true });
  } finally {
    await firefox.close();
  }
});
