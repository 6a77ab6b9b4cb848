import { expect, type BrowserContext } from "@playwright/test";

import { median } from "../src/core/statistics/quantile.ts";
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
  await Promise.all(receivers.map((receiver) => untilDisplayed(receiver, measuredFrames)));
  return Promise.all(
    receivers.map(async (receiver) => {
      const { latencyMs, clock } = await measuresOf(receiver);
      return {
        p50: known(latencyMs.p50, "p50"),
        bound: latencyMs.p50.known ? latencyMs.p50.bound : 0,
        offsetMs: known(clock.offsetMs, "offset"),
        apartMs: median(apartMs(await observationsOf(receiver))),
      };
    }),
  );
}

/** Display time less capture time of each frame read, by the two pages' own clocks, ms. */
function apartMs(observations: readonly Observation[]): readonly number[] {
  return observations.flatMap(({ displayTimeUs, reading }) =>
    reading.read ? [(displayTimeUs - reading.marker.captureTimeUs) / 1000] : [],
  );
}

/**
 * What the machine alone makes of two equal streams, on top of what is claimed: 5 ms and the stated bounds. Streams of 15 fps
 * are displayed in steps of their own, half a frame apart on the whole.
 */
function toleranceMs(a: { p50: number; bound: number }, b: { p50: number; bound: number }): number {
  return 5 + a.bound + b.bound + Math.max(1000 / 15 / 2, 2 * Math.abs(a.p50 - b.p50));
}

test(
  "frames held back by a known time are measured later by that time",
  { tag: "@measures" },
  async ({ openDevice }) => {
    const holds = [137, 500, 2000];
    const [one, other, ...held] = await measureSideBySide(openDevice, [
      { query: "" },
      { query: "" },
      ...holds.map((holdMs) => ({ query: `&hold=${holdMs}` })),
    ]);
    if (one === undefined || other === undefined) throw new Error("two plain streams were measured");
    const plain = (one.p50 + other.p50) / 2;
    for (const [index, holdMs] of holds.entries()) {
      const risenMs = (held[index]?.p50 ?? Number.NaN) - plain;
      const words = `held by ${holdMs} ms, measured ${risenMs} ms (plain ${one.p50} and ${other.p50} ms)`;
      expect(Math.abs(risenMs - holdMs), words).toBeLessThanOrEqual(toleranceMs(one, other));
    }
  },
);

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

test(
  "a sender's clock that is off, and drifts, moves no latency",
  { tag: "@measures" },
  async ({ openDevice }) => {
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
  },
);
