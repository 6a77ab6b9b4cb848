import { expect, type BrowserContext } from "@playwright/test";

import {
  known,
  measuresOf,
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
  const all = await Promise.all(receivers.map(measuresOf));
  return all.map(({ latencyMs, clock }) => ({
    p50: known(latencyMs.p50, "p50"),
    bound: latencyMs.p50.known ? latencyMs.p50.bound : 0,
    offsetMs: known(clock.offsetMs, "offset"),
  }));
}

/** What the machine alone makes of two equal streams, on top of what is claimed: 5 ms and the stated bounds. */
function toleranceMs(a: { p50: number; bound: number }, b: { p50: number; bound: number }): number {
  return 5 + a.bound + b.bound + 2 * Math.abs(a.p50 - b.p50);
}

test("frames held back by a known time are measured later by that time", async ({ openDevice }) => {
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
  const [one, other, ...shifted] = await measureSideBySide(openDevice, [
    { query: "" },
    { query: "" },
    ...shifts.map((shiftMs) => ({
      query: "",
      prepare: (sender: BrowserContext) => shiftClock(sender, shiftMs, 50),
    })),
  ]);
  if (one === undefined || other === undefined) throw new Error("two plain streams were measured");
  const plain = (one.p50 + other.p50) / 2;
  for (const [index, shiftMs] of shifts.entries()) {
    const moved = shifted[index] ?? { p50: Number.NaN, offsetMs: Number.NaN };
    expect(Math.abs(moved.offsetMs + shiftMs), `offset of a clock ${shiftMs} ms off`).toBeLessThan(5);
    expect(Math.abs(moved.p50 - plain), `${moved.p50} ms against ${plain} ms`).toBeLessThanOrEqual(
      toleranceMs(one, other),
    );
  }
});
