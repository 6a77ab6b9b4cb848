import { expect, type BrowserContext, type Page } from "@playwright/test";

import { mean, median } from "../src/core/statistics/quantile.ts";
import type { Observation } from "../src/core/timeline/observation.ts";
import {
  known,
  measuresOf,
  observationsOf,
  openReceiver,
  openSender,
  untilClockKnown,
  untilDisplayed,
} from "./conditions.ts";
import { test, type OpenDevice } from "./server.ts";

/** A small, easy stream, so that what is measured is what was injected and not the machine's load. */
const easy = "&size=320x180&fps=15&kbps=600";
const measuredFrames = 120;

/** One stream of several that run side by side, so that whatever burdens the machine burdens all of them. */
type Stream = { readonly query: string; readonly prepare?: (sender: BrowserContext) => Promise<void> };

async function measureSideBySide(openDevice: OpenDevice, streams: readonly Stream[]) {
  const receivers = await Promise.all(
    streams.map(async ({ query, prepare }) => {
      const device = await openDevice();
      await prepare?.(device);
      const sender = await openSender(device, `${easy}${query}`);
      return openReceiver(await openDevice(), sender.join, "&buffer=0");
    }),
  );
  await Promise.all(receivers.map((receiver) => untilClockKnown(receiver, 10)));
  await Promise.all(receivers.map((receiver) => receiver.keyboard.press("r")));
  return Promise.all(
    receivers.map(async (receiver) => {
      const bufferedMs = await bufferedMsOf(receiver);
      const { latencyMs, clock } = await measuresOf(receiver);
      return {
        p50: known(latencyMs.p50, "p50"),
        bufferedMs,
        bound: latencyMs.p50.known ? latencyMs.p50.bound : 0,
        offsetMs: known(clock.offsetMs, "offset"),
        apartMs: median(apartMs(await observationsOf(receiver))),
      };
    }),
  );
}

/**
 * How long the browser says that its jitter buffer holds frames, mean of what it says while frames are measured, ms: it is as large as
 * the machine's load makes it, another in each receiver, and none of what was injected.
 */
async function bufferedMsOf(receiver: Page): Promise<number> {
  const said: number[] = [];
  for (let count = 30; count <= measuredFrames; count += 15) {
    await untilDisplayed(receiver, count);
    const { transport } = await measuresOf(receiver);
    said.push(known(transport.jitterBufferMs, "jitter buffer"));
  }
  return mean(said);
}

/** Display time less capture time of each frame read, by the two pages' own clocks, ms. */
function apartMs(observations: readonly Observation[]): readonly number[] {
  return observations.flatMap(({ displayTimeUs, reading }) =>
    reading.read ? [(displayTimeUs - reading.marker.captureTimeUs) / 1000] : [],
  );
}

/** What frames took less the time in the jitter buffer, ms. */
function takenMs({ p50, bufferedMs }: { readonly p50: number; readonly bufferedMs: number }): number {
  return p50 - bufferedMs;
}

/** Streams of 15 fps are displayed in steps of their own, up to a frame apart; 5 ms and the stated bounds are claimed. */
function toleranceMs(...streams: readonly { readonly bound: number }[]): number {
  return streams.reduce((sum, { bound }) => sum + bound, 5 + 1000 / 15 / 2);
}

test("frames held back by a known time are measured later by that time", async ({ openDevice }) => {
  const holds = [137, 500, 2000];
  const [plain, ...held] = await measureSideBySide(openDevice, [
    { query: "" },
    ...holds.map((holdMs) => ({ query: `&hold=${holdMs}` })),
  ]);
  if (plain === undefined) throw new Error("a plain stream was measured");
  for (const [index, holdMs] of holds.entries()) {
    const stream = held[index] ?? plain;
    const risenMs = takenMs(stream) - takenMs(plain);
    const words = `held by ${holdMs} ms, measured ${risenMs} ms later`;
    expect(Math.abs(risenMs - holdMs), words).toBeLessThanOrEqual(toleranceMs(plain, stream));
  }
});

/** Shifts the page's clock and that of its workers, which Playwright's init scripts do not reach. */
async function shiftClock(context: BrowserContext, shiftMs: number, driftPpm: number): Promise<void> {
  const script = `{
    const origin = performance.timeOrigin + ${shiftMs};
    const read = performance.now.bind(performance);
    Object.defineProperty(performance, "timeOrigin", { get: () => origin });
    performance.now = () => read() * ${1 + driftPpm / 1e6};
  }`;
  await context.addInitScript(script);
  await context.route(/worker.*\.js/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${script}\n${await response.text()}` });
  });
}

test("a sender's clock that is off, and drifts, moves no latency", async ({ openDevice }) => {
  const shifts = [3217, -40_000];
  const shifted = await measureSideBySide(
    openDevice,
    shifts.map((shiftMs) => ({
      query: "",
      prepare: (sender: BrowserContext) => shiftClock(sender, shiftMs, 50),
    })),
  );
  for (const [index, shiftMs] of shifts.entries()) {
    const { p50, bound, offsetMs, apartMs: byClocksMs } = shifted[index] ?? {};
    expect(Math.abs(Number(offsetMs) + shiftMs), `offset of a clock ${shiftMs} ms off`).toBeLessThan(5);
    // Both pages are on one machine: but for the shift, their clocks are one. 50 ppm of a minute are 3 ms.
    const trueMs = Number(byClocksMs) + shiftMs;
    expect(Math.abs(Number(p50) - trueMs), `${p50} ms, truly ${trueMs} ms`).toBeLessThan(5 + Number(bound));
  }
});
