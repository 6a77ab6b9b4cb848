import type { Page } from "@playwright/test";

import {
  measuresOf,
  observationsOf,
  openReceiver,
  openSender,
  untilClockKnown,
  untilScored,
} from "../e2e/conditions.ts";
import { mean, median } from "../src/core/statistics/quantile.ts";
import type { Bench, BenchOptions } from "./bench-type.ts";
import { withBrowsers, withServer } from "./parts/devices.ts";
import { valueOf } from "./parts/figures.ts";

type Case = { readonly size: string; readonly fps: number; readonly kbps: number };
type Row = Readonly<Record<string, string | number | null>>;
/** `scoredCount`: since the stream began. */
type Block = { readonly latencyMs: number; readonly bufferMs: number | null; readonly scoredCount: number };

const cases: readonly Case[] = [
  { size: "1280x720", fps: 30, kbps: 2500 },
  { size: "1920x1080", fps: 30, kbps: 5000 },
];

/** What is scored by default, %. */
const usualPct = 25;
/** After each change so much passes before frames count, ms: scoring takes its share slowly, and buffers follow. */
const settleMs = 8000;
const countedMs = 10_000;

async function setScoring(receiver: Page, scoringPct: number): Promise<void> {
  const field = receiver.getByLabel("May take of one core, %");
  await field.fill(String(scoringPct));
  await field.press("Enter");
}

/** One stretch of the stream, scored or not. */
async function measureBlock(receiver: Page, scoringPct: number, quick: boolean): Promise<Block> {
  await setScoring(receiver, scoringPct);
  await receiver.waitForTimeout(quick ? 1000 : settleMs);
  await receiver.keyboard.press("r");
  await receiver.waitForTimeout(quick ? 2000 : countedMs);
  const observations = await observationsOf(receiver);
  const { clock, transport } = await measuresOf(receiver);
  const offsetMs = valueOf(clock.offsetMs) ?? 0;
  const latenciesMs = observations.flatMap(({ reading, displayTimeUs }) =>
    reading.read ? [(displayTimeUs - reading.marker.captureTimeUs) / 1000 - offsetMs] : [],
  );
  return {
    latencyMs: median(latenciesMs),
    bufferMs: valueOf(transport.jitterBufferMs),
    scoredCount: (await untilScored(receiver, 0)).length,
  };
}

/** Standard deviation of a sample. */
function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

/**
 * How much later frames are displayed while they are scored: each scored stretch less the mean of the stretches without scoring before
 * and after it, so that what wanders slowly by itself does not count.
 */
function differencesOf(blocks: readonly Block[], of: (block: Block) => number): readonly number[] {
  return blocks.flatMap((block, index) => {
    const [before, after] = [blocks[index - 1], blocks[index + 1]];
    if (index % 2 === 0 || before === undefined || after === undefined) return [];
    return [of(block) - (of(before) + of(after)) / 2];
  });
}

async function runCase(url: string, { size, fps, kbps }: Case, quick: boolean): Promise<Row> {
  return withBrowsers(url, async ({ sending, receiving }) => {
    const query = `&size=${size}&fps=${fps}&kbps=${kbps}`;
    const sender = await openSender(await sending.newContext({ baseURL: url }), query);
    const receiver = await openReceiver(await receiving.newContext({ baseURL: url }), sender.join, "&ring=0");
    await untilClockKnown(receiver, 8);
    // Jitter buffers take their time to shrink.
    await receiver.waitForTimeout(quick ? 0 : 20_000);
    const blocks: Block[] = [];
    for (let index = 0; index < (quick ? 3 : 11); index++)
      blocks.push(await measureBlock(receiver, index % 2 === 0 ? 0 : usualPct, quick));
    const withoutMs = blocks.flatMap(({ latencyMs }, index) => (index % 2 === 0 ? [latencyMs] : []));
    const laterMs = differencesOf(blocks, ({ latencyMs }) => latencyMs);
    const bufferedMs = differencesOf(blocks, ({ bufferMs }) => bufferMs ?? Number.NaN);
    return {
      size,
      fps,
      latencyWithoutMs: mean(withoutMs),
      spreadWithoutMs: deviation(withoutMs),
      laterByMs: mean(laterMs),
      standardErrorMs: deviation(laterMs) / Math.sqrt(laterMs.length),
      ofThatBufferMs: mean(bufferedMs),
      scoredCount: blocks.at(-1)?.scoredCount ?? 0,
    };
  });
}

async function run({ quick, progress }: BenchOptions): Promise<Readonly<Record<string, unknown>>> {
  return withServer(async (url) => {
    const rows: Row[] = [];
    for (const each of quick ? cases.slice(0, 1) : cases) {
      progress(`  ${each.size} at ${each.fps} fps`);
      rows.push(await runCase(url, each, quick));
    }
    return { scoring: rows };
  });
}

/** What live scoring does to the latency of the stream that it scores. */
export const bench: Bench = {
  name: "scoring",
  about:
    "live scoring by turns off and on beside one WebRTC stream: how much later frames are displayed while they are scored",
  run,
};
