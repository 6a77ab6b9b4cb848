import { AxeBuilder } from "@axe-core/playwright";
import { expect, type BrowserContext, type Page } from "@playwright/test";

import type { Measured } from "../src/core/measured.ts";
import type { ScoredFrame } from "../src/core/quality/live-quality.ts";
import type { Observation } from "../src/core/timeline/observation.ts";
import type { Snapshot } from "../src/core/timeline/snapshot.ts";
import type { ReceiverAutomation, ReceiverSnapshot, SenderAutomation } from "../src/core/wire/automation.ts";

type Face = { readonly streamgauge?: SenderAutomation | ReceiverAutomation };

/** A stream that takes little of the machine, for tests that claim nothing of its pictures. */
export const easy = "&size=320x180&fps=15&kbps=400";

/** Opens a sender that starts by its address; resolves with its join code once receivers can join. */
export async function openSender(context: BrowserContext, query = ""): Promise<{ page: Page; join: string }> {
  const page = await context.newPage();
  await page.goto(`/sender?start=1${query}`);
  return { page, join: await untilJoinable(page) };
}

/** Opens a receiver that joins by its address; resolves once it measures. */
export async function openReceiver(context: BrowserContext, join: string, query = ""): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`/receiver?join=${join}&start=1${query}`);
  await untilMeasuring(page);
  return page;
}

/** The sender's room is open. Resolves with the join code. */
export async function untilJoinable(sender: Page): Promise<string> {
  const join = await sender.waitForFunction(() => {
    const doing = (globalThis as Face).streamgauge?.snapshot();
    return doing?.phase === "sending" && "join" in doing ? doing.join : null;
  });
  return (await join.jsonValue()) ?? "";
}

/** The receiver displays and measures. */
export async function untilMeasuring(receiver: Page): Promise<void> {
  await receiver.waitForFunction(() => (globalThis as Face).streamgauge?.snapshot().phase === "measuring");
}

/** The page failed; resolves with the words on screen. */
export async function untilFailed(page: Page): Promise<string> {
  return (await page.getByRole("alert").textContent()) ?? "";
}

/** The receiver has displayed this many frames since the last reset. */
export async function untilDisplayed(receiver: Page, count: number): Promise<void> {
  await receiver.waitForFunction((wanted) => {
    const state = (globalThis as Face).streamgauge?.snapshot();
    return (
      state?.phase === "measuring" && "measures" in state && state.measures.reading.displayedCount >= wanted
    );
  }, count);
}

/** The receiver has compared its clock with the sender's this many times. */
export async function untilClockKnown(receiver: Page, exchangeCount: number): Promise<void> {
  await receiver.waitForFunction((wanted) => {
    const state = (globalThis as Face).streamgauge?.snapshot();
    return (
      state?.phase === "measuring" &&
      "measures" in state &&
      state.measures.clock.exchangeCount >= wanted &&
      state.measures.latencyMs.p50.known
    );
  }, exchangeCount);
}

/** Frames of another run than `runNumber` are measured: the sender has begun again. */
export async function untilOtherRun(receiver: Page, runNumber: number | null): Promise<void> {
  await receiver.waitForFunction((before) => {
    const state = (globalThis as Face).streamgauge?.snapshot();
    return (
      state?.phase === "measuring" &&
      "measures" in state &&
      state.connection.state === "connected" &&
      state.measures.runNumber !== null &&
      state.measures.runNumber !== before
    );
  }, runNumber);
}

/** A note of these words stands among the stream's events. */
export async function untilMarked(receiver: Page, note: string): Promise<void> {
  await receiver.waitForFunction((words) => {
    const events = (globalThis as Face).streamgauge?.events() ?? [];
    return events.some((event) => event.kind === "note" && event.text === words);
  }, note);
}

/** Everything measured now. */
export async function measuresOf(receiver: Page): Promise<Snapshot> {
  const state = (await receiver.evaluate(() =>
    (globalThis as Face).streamgauge?.snapshot(),
  )) as ReceiverSnapshot;
  if (state.phase !== "measuring") throw new Error(`the receiver is ${state.phase}`);
  return state.measures;
}

/** All observations since the last reset. */
export async function observationsOf(receiver: Page): Promise<readonly Observation[]> {
  return receiver.evaluate(async () => {
    const { streamgauge } = globalThis as Face;
    return streamgauge?.role === "receiver" ? streamgauge.observations() : [];
  });
}

/** Measures afresh. */
export async function reset(receiver: Page): Promise<void> {
  await receiver.getByRole("button", { name: "Reset" }).click();
}

/** A figure that must be known. */
export function known(figure: Measured, name: string): number {
  expect(figure, `${name} is known`).toMatchObject({ known: true });
  return figure.known ? figure.value : Number.NaN;
}

/** Counts of tasks that blocked the page's main thread, ms each, from now on; read by `longTasksOf`. */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const kept: number[] = [];
    Object.assign(globalThis, { longTasks: kept });
    new PerformanceObserver((list) => kept.push(...list.getEntries().map((entry) => entry.duration))).observe(
      {
        type: "longtask",
      },
    );
  });
}

/** Tasks over 50 ms since `watchLongTasks`, ms each. */
export async function longTasksOf(page: Page): Promise<readonly number[]> {
  return page.evaluate(() => (globalThis as { readonly longTasks?: readonly number[] }).longTasks ?? []);
}

/** The page is no wider than its window. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}

/** Rules of accessibility whose outcome depends on the colours, and on the width, of one and the same page. */
const rulesOfColours = ["color-contrast"];
const rulesOfWidth = ["scrollable-region-focusable"];

async function expectRulesKept(page: Page, rules: readonly string[] | null): Promise<void> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules === null ? axe : axe.withRules([...rules])).analyze();
  const words = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
  expect(words).toEqual([]);
}

/** Nothing on the page, as it is now, breaks a rule of accessibility that a program can check. */
export async function expectAccessible(page: Page): Promise<void> {
  await expectRulesKept(page, null);
}

/**
 * Nothing on the page breaks such a rule in light and in dark colours, nor on a small phone, whose window it fits. Leaves the page in
 * dark colours and of a phone's width.
 */
export async function expectAccessibleAnyhow(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await expectRulesKept(page, rulesOfColours);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
  await expectRulesKept(page, rulesOfWidth);
}

/** This many frames are scored live. Resolves with them. */
export async function untilScored(receiver: Page, count: number): Promise<readonly ScoredFrame[]> {
  const frames = await receiver.waitForFunction((wanted) => {
    const { streamgauge } = globalThis as Face;
    const scored = streamgauge?.role === "receiver" ? streamgauge.scoredFrames() : [];
    return scored.length >= wanted ? scored : null;
  }, count);
  return (await frames.jsonValue()) ?? [];
}
