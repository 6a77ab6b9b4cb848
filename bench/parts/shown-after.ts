import type { Page } from "@playwright/test";

import { median } from "../../src/core/statistics/quantile.ts";

type Collected = { readonly shownAfterMs?: number[] };

/** From now on collects how long after a frame's last packet came the frame was to be displayed. */
export async function collectShownAfter(receiver: Page): Promise<void> {
  await receiver.evaluate(() => {
    const delays: number[] = [];
    Object.assign(globalThis, { shownAfterMs: delays });
    const video = document.querySelector("video");
    video?.requestVideoFrameCallback(function onFrame(_now, { expectedDisplayTime, receiveTime }) {
      if (receiveTime !== undefined) delays.push(expectedDisplayTime - receiveTime);
      video.requestVideoFrameCallback(onFrame);
    });
  });
}

/**
 * What of the latency the receiving browser itself makes, whether or not markers are read: `expectedDisplayTime` less
 * `receiveTime` of requestVideoFrameCallback. Median, ms; null where no frame came.
 */
export async function medianShownAfterMs(receiver: Page): Promise<number | null> {
  const delays = await receiver.evaluate(() => (globalThis as Collected).shownAfterMs ?? []);
  return delays.length === 0 ? null : median(delays);
}
