import type { Page } from "@playwright/test";

import { median } from "../../src/core/statistics/quantile.ts";

type Collected = { readonly shownAfterMs?: number[] };

/** From now on collects how long after a frame's last packet came the frame was to be displayed. */
export async function collectShownAfter(receiver: Page): Promise<void> {
  await receiver.evaluate(() => {
    const delays: number[] = [];
    Object.assign(globalThis, { shownAfterMs: delays });
    const video = document.querySelector("video");
    if (video === null) return;
    // A function with a name could not be handed to the page: the compiler adds a helper to those, which is not there.
    void (async () => {
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- one frame after the other
        const { expectedDisplayTime, receiveTime } = await new Promise<VideoFrameCallbackMetadata>(
          (resolve) => {
            video.requestVideoFrameCallback((_now, displayed) => {
              resolve(displayed);
            });
          },
        );
        if (receiveTime !== undefined) delays.push(expectedDisplayTime - receiveTime);
      }
    })();
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
