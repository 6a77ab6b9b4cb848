import { expect } from "@playwright/test";
import type { Browser, Page } from "puppeteer-core";

import type { ReceiverAutomation, ReceiverSnapshot, SenderAutomation } from "../src/core/wire/automation.ts";
import { measuresOf, openReceiver, openSender, untilDisplayed } from "./conditions.ts";
import { findFirefox, launchFirefox } from "./firefox.ts";
import { test as base } from "./server.ts";

/** The project's test with a page of a Firefox that is started once; skipped where there is none. */
const test = base.extend<{ readonly other: Page }, { readonly firefox: Browser | null }>({
  firefox: [
    async ({}, provide) => {
      const firefox = findFirefox() === null ? null : await launchFirefox();
      await provide(firefox);
      await firefox?.close();
    },
    { scope: "worker" },
  ],
  other: async ({ firefox }, provide) => {
    test.skip(firefox === null, "Firefox is not installed");
    const page = await firefox?.newPage();
    if (page !== undefined) await provide(page);
    await page?.close();
  },
});

test("Firefox, which has no MediaStreamTrackProcessor, receives and reads from the element", async ({
  openDevice,
  other,
  server,
}) => {
  const sender = await openSender(await openDevice(), "&size=640x360&fps=20&codec=vp8");
  await other.goto(`${server.url}/receiver?join=${sender.join}&start=1`);
  const untilRead = (count: number): Promise<unknown> =>
    other.waitForFunction(
      (wanted) => {
        const { streamgauge } = globalThis as { readonly streamgauge?: ReceiverAutomation };
        const state = streamgauge?.snapshot();
        return state?.phase === "measuring" && state.measures.reading.readCount >= wanted;
      },
      { timeout: 60_000 },
      count,
    );
  await untilRead(10);
  await other.reload();
  await untilRead(100);
  const state = await other.evaluate<[], () => ReceiverSnapshot>(() =>
    (globalThis as unknown as { readonly streamgauge: ReceiverAutomation }).streamgauge.snapshot(),
  );
  if (state.phase !== "measuring") throw new Error(`Firefox is ${state.phase}`);
  const { reading, latencyMs } = state.measures;
  // A frame between two callbacks of a busy main thread is never handed over: it is counted so, and no other goes unread.
  const { unavailable, ...unread } = reading.unreadCounts;
  expect(unread).toEqual({ absent: 0, broken: 0, foreign: 0, busy: 0 });
  expect(reading.readCount + unavailable).toBe(reading.displayedCount);
  expect(reading.readCount / reading.displayedCount).toBeGreaterThanOrEqual(0.8);
  expect(latencyMs.p50).toMatchObject({ known: true });
});

test("Firefox sends, and every frame of it that Chromium displays is read", async ({
  openDevice,
  other,
  server,
}) => {
  await other.goto(`${server.url}/sender?size=640x360&fps=20&codec=vp8&start=1`);
  const join = await other.waitForFunction(() => {
    const state = (globalThis as { readonly streamgauge?: SenderAutomation }).streamgauge?.snapshot();
    return state?.phase === "sending" ? state.join : null;
  });
  const receiver = await openReceiver(await openDevice(), String(await join.jsonValue()));
  await untilDisplayed(receiver, 100);
  const { reading } = await measuresOf(receiver);
  expect(reading.readCount / reading.displayedCount).toBeGreaterThanOrEqual(0.99);
});

test("HLS that Firefox publishes is played and read", async ({ openDevice, other, server }) => {
  await other.goto(`${server.url}/sender?via=hls&segment=1&size=320x180&fps=20&kbps=400&start=1`);
  const link = await other.waitForFunction(() => {
    const state = (globalThis as { readonly streamgauge?: SenderAutomation }).streamgauge?.snapshot();
    return state?.phase === "sending" && state.outlet?.state === "live" ? state.link : null;
  });
  const receiver = await (await openDevice()).newPage();
  await receiver.goto(String(await link.jsonValue()));
  await untilDisplayed(receiver, 30);
  const { reading } = await measuresOf(receiver);
  const { unavailable, ...unread } = reading.unreadCounts;
  expect(unread).toEqual({ absent: 0, broken: 0, foreign: 0, busy: 0 });
  expect(reading.readCount).toBeGreaterThan(unavailable);
});
