import { readFileSync } from "node:fs";

import { chromium, type Browser, type CDPSession, type Page } from "@playwright/test";

import { chromiumOptions } from "../e2e/chromium.ts";
import { startServer } from "../e2e/server.ts";
import { reportsOf, untilAllRead } from "../e2e/streams.ts";
import type { SenderAutomation } from "../src/core/wire/automation.ts";
import type { Bench, BenchOptions } from "./bench-type.ts";
import { fitLine } from "./parts/fit-line.ts";

type Face = { readonly streamgauge?: SenderAutomation };

/** What one page holds, once what it does not need is collected. */
type Sample = Readonly<Record<(typeof measures)[number], number | null>>;
const measures = ["mainHeapMb", "allHeapsMb", "nodeCount", "listenerCount"] as const;

const defaultMinutes = 12;
const sampleEveryMs = 10_000;
/** What is made once (charts, rings, histograms, compiled code) is made by then, as a share of the time. */
const warmUpShare = 1 / 3;
/** Streams of a busy machine take their time to begin, ms. */
const patienceMs = 120_000;
const bytesPerMb = 1_000_000;

/** Memory of page and workers, by the browser's own count; null where it does not count in time. */
async function allHeapsMb(page: Page): Promise<number | null> {
  return page.evaluate(async (perMb) => {
    const { measureUserAgentSpecificMemory: measure } = performance as {
      readonly measureUserAgentSpecificMemory?: () => Promise<{ readonly bytes: number }>;
    };
    if (measure === undefined || !crossOriginIsolated) return null;
    const late = new Promise<null>((resolve) => void setTimeout(resolve, 20_000, null));
    const counted = await Promise.race([measure.call(performance), late]);
    return counted === null ? null : counted.bytes / perMb;
  }, bytesPerMb);
}

async function sample(page: Page, session: CDPSession): Promise<Sample> {
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? Number.NaN;
  return {
    mainHeapMb: metric("JSHeapUsedSize") / bytesPerMb,
    allHeapsMb: await allHeapsMb(page),
    nodeCount: metric("Nodes"),
    listenerCount: metric("JSEventListeners"),
  };
}

/** Memory that all pages' processes hold, MB; null where `/proc` does not tell. */
async function residentMb(browser: Browser): Promise<number | null> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const pages = processInfo.filter(({ type }) => type === "renderer");
    return pages.reduce((sum, { id }) => {
      const [, kb = "0"] = /^VmRSS:\s+(\d+)/mu.exec(readFileSync(`/proc/${id}/status`, "utf8")) ?? [];
      return sum + Number(kb) / 1000;
    }, 0);
  } catch {
    // Not Linux, or a process that has just ended.
    return null;
  } finally {
    await session.detach();
  }
}

async function openPages(browser: Browser, url: string): Promise<readonly (readonly [string, Page])[]> {
  const [sending, receiving] = [await browser.newContext(), await browser.newContext()];
  const sender = await sending.newPage();
  await sender.goto(`${url}/sender?via=hls&control=1&segment=1&size=320x180&fps=15&kbps=300&start=1`);
  const live = await sender.waitForFunction(() => {
    const state = (globalThis as Face).streamgauge?.snapshot();
    const isLive = state?.phase === "sending" && state.outlet?.state === "live";
    return isLive && state.link.includes("join=") ? state.link : null;
  });
  const receiver = await receiving.newPage();
  receiver.setDefaultTimeout(patienceMs);
  await receiver.goto(String(await live.jsonValue()));
  await untilAllRead(receiver, 2, 10);
  return [
    ["sender", sender],
    ["receiver", receiver],
  ];
}

type Series = { readonly atHours: number[]; readonly samples: Sample[] };

/** How a page's figures changed: where they stood after the warm-up and at the end, and how fast they rise. */
function growthOf(page: string, { atHours, samples }: Series): Readonly<Record<string, unknown>>[] {
  return measures.map((measure) => ({
    page,
    measure,
    ...growth(
      atHours,
      samples.map((one) => one[measure]),
    ),
  }));
}

function growth(
  atHours: readonly number[],
  values: readonly (number | null)[],
): Readonly<Record<string, unknown>> {
  const fromHours = (atHours.at(-1) ?? 0) * warmUpShare;
  const points = values.flatMap((y, index) => {
    const x = atHours[index] ?? 0;
    return y === null || x < fromHours ? [] : [{ x, y }];
  });
  const line = fitLine(points);
  return {
    sampleCount: points.length,
    first: points[0]?.y ?? null,
    last: points.at(-1)?.y ?? null,
    perHour: line?.slope ?? null,
    perHourBound95: line?.slopeBound95 ?? null,
  };
}

/** What was measured meanwhile: memory of a stream that stood still would tell nothing. */
async function streamsOf(receiver: Page): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const reports = await reportsOf(receiver);
  return reports.map(({ kind, snapshot, events }) => ({
    stream: kind,
    displayedCount: snapshot.phase === "measuring" ? snapshot.measures.reading.displayedCount : 0,
    eventCount: events.length,
  }));
}

/** A page that is watched. */
type Watched = {
  readonly name: string;
  readonly page: Page;
  readonly session: CDPSession;
  readonly series: Series;
};

async function watch([name, page]: readonly [string, Page]): Promise<Watched> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  return { name, page, session, series: { atHours: [], samples: [] } };
}

/** A sender and a receiver of two streams, direct WebRTC and LL-HLS, with all charts open. */
async function run({ quick, minutes, progress }: BenchOptions): Promise<Readonly<Record<string, unknown>>> {
  const lastMinutes = minutes ?? (quick ? 1 : defaultMinutes);
  const server = await startServer();
  const options = chromiumOptions();
  const browser = await chromium.launch({
    ...options,
    // Else the browser counts when it next collects by itself, up to minutes later.
    args: [...(options.args ?? []), "--enable-blink-features=ForceEagerMeasureMemory"],
  });
  try {
    const pages = await openPages(browser, server.url);
    const held = await Promise.all(pages.map(watch));
    const resident: { readonly atHours: number[]; readonly mb: (number | null)[] } = { atHours: [], mb: [] };
    const beganMs = performance.now();
    for (let atMs = 0; atMs < lastMinutes * 60_000; atMs = performance.now() - beganMs) {
      await new Promise((resolve) => void setTimeout(resolve, sampleEveryMs));
      const atHours = (performance.now() - beganMs) / 3_600_000;
      for (const { page, session, series } of held) {
        series.samples.push(await sample(page, session));
        series.atHours.push(atHours);
      }
      resident.atHours.push(atHours);
      resident.mb.push(await residentMb(browser));
      const words = held.map(
        ({ name, series }) => `${name} ${series.samples.at(-1)?.mainHeapMb?.toFixed(1)} MB`,
      );
      progress(`  ${(atHours * 60).toFixed(1)} min: ${words.join(", ")}`);
    }
    const [, receiver] = pages;
    return {
      minutes: lastMinutes,
      streams: receiver === undefined ? [] : await streamsOf(receiver[1]),
      memory: held.flatMap(({ name, series }) => growthOf(name, series)),
      bothProcesses: [{ measure: "residentMb", ...growth(resident.atHours, resident.mb) }],
    };
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Whether pages that measure for hours grow. */
export const bench: Bench = {
  name: "soak",
  about:
    "sender (LL-HLS and direct) and receiver of both, 320x180 at 15 fps: what each page holds after a collection, and its growth per hour",
  run,
};
