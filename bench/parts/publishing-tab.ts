import { setTimeout as pause } from "node:timers/promises";

import type { Browser, CDPSession, Page } from "@playwright/test";

import { launchChromium } from "../../e2e/chromium.ts";
import { untilPlayable } from "../../e2e/hls-conditions.ts";
import { startServer } from "../../e2e/server.ts";
import type { SenderAutomation } from "../../src/core/wire/automation.ts";
import { valueOf } from "./figures.ts";

type Face = { readonly streamgauge: SenderAutomation };

/** Processor time since the start, ms: of the tab's process, and of all of the browser's. */
type Spent = { readonly tabMs: number; readonly browserMs: number };

/** Until the encoder has settled, ms. */
const settleMs = 4000;

/**
 * What a tab that publishes one low-latency stream of 1280x720, 30 frames a second and 2.5 Mbit/s takes of the processor, in
 * percent of one core: the tab alone, with the whole browser, and what it takes to draw the pictures without sending them.
 */
export async function measurePublishingTab(
  seconds: number,
): Promise<Readonly<Record<string, number | null>>> {
  const server = await startServer();
  const browser = await launchChromium();
  try {
    const page = await (await browser.newContext({ baseURL: server.url })).newPage();
    await page.goto("/sender?via=hls&size=1280x720&fps=30&kbps=2500&segment=1&part=200");
    await page.getByRole("button", { name: "Start sending" }).waitFor();
    const drawing = await measurePct(browser, seconds);
    await page.getByRole("button", { name: "Start sending" }).click();
    await untilPlayable(page);
    const publishing = await measurePct(browser, seconds);
    return {
      publishingTabCpuPct: publishing.tabPct,
      publishingBrowserCpuPct: publishing.browserPct,
      drawingTabCpuPct: drawing.tabPct,
      drawingBrowserCpuPct: drawing.browserPct,
      ...(await sentBy(page)),
    };
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function measurePct(
  browser: Browser,
  seconds: number,
): Promise<{ readonly tabPct: number; readonly browserPct: number }> {
  const session = await browser.newBrowserCDPSession();
  await pause(settleMs);
  const [before, startMs] = [await spentBy(session), performance.now()];
  await pause(seconds * 1000);
  const [after, endMs] = [await spentBy(session), performance.now()];
  await session.detach();
  const pct = (spentMs: number): number => (100 * spentMs) / (endMs - startMs);
  return { tabPct: pct(after.tabMs - before.tabMs), browserPct: pct(after.browserMs - before.browserMs) };
}

async function spentBy(session: CDPSession): Promise<Spent> {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const sumMs = (types: readonly { readonly cpuTime: number }[]): number =>
    types.reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
  return {
    tabMs: sumMs(processInfo.filter(({ type }) => type === "renderer")),
    browserMs: sumMs(processInfo),
  };
}

async function sentBy(page: Page): Promise<Readonly<Record<string, number | null>>> {
  const state = await page.evaluate(() => (globalThis as unknown as Face).streamgauge.snapshot());
  if (state.phase !== "sending" || state.report === null) return {};
  const { encodedFps, bitrateKbps, roundTripMs } = state.report;
  return {
    publishedFps: valueOf(encodedFps),
    publishedKbps: valueOf(bitrateKbps),
    putRoundTripMs: valueOf(roundTripMs),
  };
}
