import { expect, type BrowserContext } from "@playwright/test";

import {
  known,
  measuresOf,
  openReceiver,
  openSender,
  untilClockKnown,
  untilDisplayed,
} from "./conditions.ts";
import { test } from "./server.ts";

/** A small, easy stream, so that what is measured is the hold and not the machine's load. */
const easy = "&size=320x180&fps=15&kbps=600";
const measuredFrames = 120;

async function medianLatencyMs(contexts: readonly [BrowserContext, BrowserContext], query: string) {
  const [ofSender, ofReceiver] = contexts;
  const sender = await openSender(ofSender, `${easy}${query}`);
  const receiver = await openReceiver(ofReceiver, sender.join, "&buffer=0");
  await untilClockKnown(receiver, 10);
  await receiver.keyboard.press("r");
  await untilDisplayed(receiver, measuredFrames);
  const { latencyMs, clock } = await measuresOf(receiver);
  await sender.page.close();
  await receiver.close();
  const p50 = known(latencyMs.p50, "p50");
  const bound = latencyMs.p50.known ? latencyMs.p50.bound : 0;
  return { p50, bound, offset: known(clock.offsetMs, "offset") };
}

test("frames held back by a known time are measured later by that time", async ({ browser }) => {
  const pair = async () => [await browser.newContext(), await browser.newContext()] as const;
  const plain = await medianLatencyMs(await pair(), "");
  for (const holdMs of [137, 500, 2000]) {
    const held = await medianLatencyMs(await pair(), `&hold=${holdMs}`);
    const risen = held.p50 - plain.p50;
    expect(Math.abs(risen - holdMs), `held by ${holdMs} ms, measured ${risen} ms`).toBeLessThanOrEqual(
      5 + held.bound + plain.bound,
    );
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

for (const shiftMs of [3217, -40_000]) {
  test(`a sender's clock that is ${shiftMs} ms off, and drifts, moves no latency`, async ({ browser }) => {
    const plain = await medianLatencyMs([await browser.newContext(), await browser.newContext()], "");
    const shifted = await browser.newContext();
    await shiftClock(shifted, shiftMs, 50);
    const moved = await medianLatencyMs([shifted, await browser.newContext()], "");
    expect(Math.abs(moved.offset + shiftMs)).toBeLessThan(5);
    // 5 ms: two streams one after the other on a shared machine are not equally fast.
    expect(Math.abs(moved.p50 - plain.p50)).toBeLessThanOrEqual(5 + moved.bound + plain.bound);
  });
}
