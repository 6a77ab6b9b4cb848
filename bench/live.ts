import type { Page } from "@playwright/test";

import { measuresOf, openReceiver, openSender, untilClockKnown } from "../e2e/conditions.ts";
import type { ReceiverAutomation, SenderAutomation } from "../src/core/wire/automation.ts";
import type { Bench, BenchOptions } from "./bench-type.ts";
import { withBrowsers, withServer } from "./parts/devices.ts";
import { valueOf } from "./parts/figures.ts";
import { collectShownAfter, medianShownAfterMs } from "./parts/shown-after.ts";
import { readLoads, traceCategories, type ThreadLoad } from "./parts/trace.ts";

type Face = { readonly streamgauge: SenderAutomation | ReceiverAutomation };
type Case = { readonly size: string; readonly fps: number; readonly kbps: number };
type Row = Readonly<Record<string, string | number | null>>;

const cases: readonly Case[] = [
  { size: "1280x720", fps: 30, kbps: 2500 },
  { size: "1280x720", fps: 60, kbps: 4000 },
  { size: "1920x1080", fps: 30, kbps: 5000 },
  { size: "1920x1080", fps: 60, kbps: 8000 },
];

async function sendingOf(page: Page): Promise<Row> {
  const state = await page.evaluate(() => (globalThis as unknown as Face).streamgauge.snapshot());
  if (state.phase !== "sending" || !("report" in state) || state.report === null) return {};
  const { madeCount, lateCount, skippedCount } = state.report;
  return { madeCount, lateCount, skippedCount };
}

/** Threads of one name added up; null when there was none. */
function thread(loads: readonly ThreadLoad[], name: RegExp): ThreadLoad | null {
  return loads.find((load) => name.test(load.thread)) ?? null;
}

function loadRow(loads: readonly ThreadLoad[]): Row {
  const main = thread(loads, /^CrRendererMain$/);
  const workers = thread(loads, /DedicatedWorker/);
  return {
    mainMsPerS: main?.cpuMsPerS ?? null,
    mainLongestMs: main?.longestCpuMs ?? null,
    mainLongestWallMs: main?.longestMs ?? null,
    mainTasksOver8MsPerS: main?.over8MsPerS ?? null,
    workersMsPerS: workers?.cpuMsPerS ?? null,
  };
}

/** What live scoring has done and how it stands; empty where nothing is scored. */
async function scoringOf(page: Page): Promise<Row> {
  const state = await page.evaluate(() => (globalThis as unknown as Face).streamgauge.snapshot());
  if (state.phase !== "measuring" || !("quality" in state) || state.quality.state !== "scoring") return {};
  const { scoredCount, coreRatio, guard } = state.quality.quality;
  return {
    scoredCount,
    scoringCoreRatio: valueOf(coreRatio),
    scoringGuard: guard.state === "sparing" ? `${guard.state} ${guard.paceRatio}` : guard.state,
  };
}

/** Jitter buffers take their time to shrink, and scoring to take its share: both are as they stay before anything is counted. */
const warmUpMs = 20_000;

async function warm(receiver: Page, isReading: boolean, forMs: number): Promise<void> {
  if (isReading) await untilClockKnown(receiver, 8);
  await receiver.waitForTimeout(forMs);
  await receiver.keyboard.press("r");
}

/** What the receiver does: displays alone, reads markers, or reads, keeps a ring and scores live as it does by default. */
const modes = { off: "&read=0&ring=0&scoring=0", on: "&ring=0&scoring=0", all: "" } as const;
type Mode = keyof typeof modes;

type Run = {
  readonly row: Row;
  readonly decodedFps: number | null;
  readonly jitterBufferMs: number | null;
  readonly shownAfterMs: number | null;
};

async function runCase(url: string, { size, fps, kbps }: Case, mode: Mode, quick: boolean): Promise<Run> {
  return withBrowsers(url, async ({ sending, receiving }) => {
    const sender = await openSender(
      await sending.newContext({ baseURL: url }),
      `&size=${size}&fps=${fps}&kbps=${kbps}`,
    );
    const receiver = await openReceiver(
      await receiving.newContext({ baseURL: url }),
      sender.join,
      modes[mode],
    );
    await warm(receiver, mode !== "off", quick ? 2000 : warmUpMs);
    const before = await measuresOf(receiver);
    await collectShownAfter(receiver);
    await receiving.startTracing(receiver, { categories: [...traceCategories] });
    await receiver.waitForTimeout(quick ? 5000 : 10_000);
    const trace = await receiving.stopTracing();
    const loads = readLoads(trace.toString());
    await receiver.waitForTimeout(quick ? 0 : 10_000);
    const measures = await measuresOf(receiver);
    const shownAfterMs = await medianShownAfterMs(receiver);
    const { reading, latencyMs, frameRateFps, frames } = measures;
    const displayedCount = reading.displayedCount - before.reading.displayedCount;
    const readCount = reading.readCount - before.reading.readCount;
    return {
      decodedFps: valueOf(frameRateFps.decoded),
      jitterBufferMs: valueOf(measures.transport.jitterBufferMs),
      shownAfterMs,
      row: {
        size,
        fps,
        reader: mode,
        displayedCount,
        readRatio: displayedCount > 0 ? readCount / displayedCount : null,
        latencyP50Ms: valueOf(latencyMs.p50),
        latencyP95Ms: valueOf(latencyMs.p95),
        lostCount: valueOf(frames.lostCount),
        displayedFps: valueOf(frameRateFps.displayed),
        decodedFps: valueOf(frameRateFps.decoded),
        jitterBufferMs: valueOf(measures.transport.jitterBufferMs),
        shownAfterMs,
        readMsMedian: valueOf(reading.readMsMedian),
        ...loadRow(loads),
        ...(await scoringOf(receiver)),
        ...(await sendingOf(sender.page)),
      },
    };
  });
}

function ratio(on: number | null, off: number | null): number | null {
  return on === null || off === null || off === 0 ? null : on / off;
}

/** Sender and receiver in two browsers on this machine's own cores, over real WebRTC. */
async function run({ quick, progress }: BenchOptions): Promise<Readonly<Record<string, unknown>>> {
  return withServer(async (url) => {
    const rows: Row[] = [];
    const added: Row[] = [];
    for (const each of quick ? cases.slice(0, 1) : cases) {
      progress(`  ${each.size} at ${each.fps} fps`);
      const on = await runCase(url, each, "on", quick);
      const off = await runCase(url, each, "off", quick);
      const all = await runCase(url, each, "all", quick);
      rows.push(on.row, off.row, all.row);
      added.push({
        size: each.size,
        fps: each.fps,
        decodedFpsOnToOff: ratio(on.decodedFps, off.decodedFps),
        jitterBufferOnToOff: ratio(on.jitterBufferMs, off.jitterBufferMs),
        shownAfterOnToOff: ratio(on.shownAfterMs, off.shownAfterMs),
        shownAfterAllToOff: ratio(all.shownAfterMs, off.shownAfterMs),
        mainMsPerSOnToOff: ratio(
          on.row["mainMsPerS"] as number | null,
          off.row["mainMsPerS"] as number | null,
        ),
      });
    }
    return { live: rows, whatReadingAdds: added };
  });
}

/** What of a live stream is read, at what cost, and what the reading changes. */
export const bench: Bench = {
  name: "live",
  about:
    "sender and receiver over WebRTC on the same cores: share read, latency, main-thread time, reader on and off",
  run,
};
