import { expect, type BrowserContext, type Page } from "@playwright/test";

import type { Measured } from "../src/core/measured.ts";
import type { StreamEvent } from "../src/core/timeline/event.ts";
import type { ReceiverAutomation, StreamReport } from "../src/core/wire/automation.ts";

type Face = { readonly streamgauge?: ReceiverAutomation };

/** Opens a receiver that plays addresses side by side. */
export async function openStreams(
  context: BrowserContext,
  addresses: readonly string[],
  query = "",
): Promise<Page> {
  const page = await context.newPage();
  const urls = addresses.map((address) => `url=${encodeURIComponent(address)}`).join("&");
  await page.goto(`/receiver?${urls}&start=1${query}`);
  return page;
}

/** All streams of a receiver as they stand. */
export async function reportsOf(page: Page): Promise<readonly StreamReport[]> {
  return page.evaluate(() => (globalThis as Face).streamgauge?.streams() ?? []);
}

/** So many frames of the first stream are displayed, and markers are read. Resolves with its report. */
export async function untilRead(page: Page, count: number): Promise<StreamReport> {
  await page.waitForFunction((wanted) => {
    const [report] = (globalThis as Face).streamgauge?.streams() ?? [];
    if (report?.snapshot.phase !== "measuring") return false;
    const { displayedCount, readCount } = report.snapshot.measures.reading;
    return displayedCount >= wanted && readCount > 0;
  }, count);
  const [report] = await reportsOf(page);
  if (report === undefined) throw new Error("there is no stream");
  return report;
}

/** So many streams are measured, each has displayed so many frames, and markers of each are read. */
export async function untilAllRead(page: Page, streamCount: number, count: number): Promise<void> {
  await page.waitForFunction(
    ({ wantedStreams, wantedFrames }) => {
      const reports = (globalThis as Face).streamgauge?.streams() ?? [];
      return (
        reports.length === wantedStreams &&
        reports.every(({ snapshot }) => {
          if (snapshot.phase !== "measuring") return false;
          const { displayedCount, readCount } = snapshot.measures.reading;
          return displayedCount >= wantedFrames && readCount > 0;
        })
      );
    },
    { wantedStreams: streamCount, wantedFrames: count },
  );
}

/** Every stream but the control has displayed so many frames that the control has displayed as well. */
export async function untilPairs(page: Page, count: number): Promise<void> {
  await page.waitForFunction((wanted) => {
    const reports = (globalThis as Face).streamgauge?.streams() ?? [];
    return reports.every(({ isControl, differentialMs }) => isControl || differentialMs.pairCount >= wanted);
  }, count);
}

/** What is waited for among events. */
export type WantedEvent = {
  readonly kind: StreamEvent["kind"];
  readonly trouble?: string;
  /** Whether it is told with how long it lasted, or as begun. */
  readonly isOver?: boolean;
};

/** An event of the first stream. Resolves with its duration, ms; 0 where it has none. */
export async function untilEvent(page: Page, wanted: WantedEvent): Promise<number> {
  const found = await page.waitForFunction(({ kind, trouble, isOver }) => {
    const [report] = (globalThis as Face).streamgauge?.streams() ?? [];
    const event = report?.events.findLast(
      (one) =>
        one.kind === kind &&
        (trouble === undefined || (one.kind === "trouble" && one.trouble === trouble)) &&
        (isOver === undefined || (one.kind === "trouble" && (one.durationMs !== null) === isOver)),
    );
    if (event === undefined) return null;
    return { durationMs: "durationMs" in event ? (event.durationMs ?? 0) : 0 };
  }, wanted);
  return (await found.jsonValue())?.durationMs ?? 0;
}

/** A figure that must be known. */
export function figure(measure: Measured): number {
  expect(measure).toMatchObject({ known: true });
  return measure.known ? measure.value : Number.NaN;
}
