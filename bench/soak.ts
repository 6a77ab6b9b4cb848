import { readFileSync } from "node:fs";

import type { Bench, BenchOptions } from "./bench-type.ts";
import { startBareBrowser, type BareBrowser, type BarePage } from "./parts/bare-browser.ts";
import { withServer } from "./parts/devices.ts";
import { fitLine } from "./parts/fit-line.ts";

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
const allHeapsScript = `Promise.race([
  self.crossOriginIsolated ? performance.measureUserAgentSpecificMemory().then(({ bytes }) => bytes) : null,
  new Promise((resolve) => void setTimeout(resolve, 20000, null)),
])`;

async function sample({ ask, evaluate }: BarePage): Promise<Sample> {
  await ask("HeapProfiler.collectGarbage");
  const { metrics } = (await ask("Performance.getMetrics")) as {
    readonly metrics: readonly { readonly name: string; readonly value: number }[];
  };
  const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? Number.NaN;
  const allBytes = await evaluate(allHeapsScript);
  return {
    mainHeapMb: metric("JSHeapUsedSize") / bytesPerMb,
    allHeapsMb: typeof allBytes === "number" ? allBytes / bytesPerMb : null,
    nodeCount: metric("Nodes"),
    listenerCount: metric("JSEventListeners"),
  };
}

/** Memory that all pages' processes hold, MB, garbage that is not collected yet included; null where `/proc` does not tell. */
async function residentMb({ ask }: BareBrowser): Promise<number | null> {
  const { processInfo } = (await ask("SystemInfo.getProcessInfo")) as {
    readonly processInfo: readonly { readonly type: string; readonly id: number }[];
  };
  const pages = processInfo.filter(({ type }) => type === "renderer");
  try {
    return pages.reduce((sum, { id }) => {
      const [, kb = "0"] = /^VmRSS:\s+(\d+)/mu.exec(readFileSync(`/proc/${id}/status`, "utf8")) ?? [];
      return sum + Number(kb) / 1000;
    }, 0);
  } catch {
    // Not Linux, or a process that has just ended.
    return null;
  }
}

/** Asks a page again and again until it answers something. */
async function until(page: BarePage, expression: string): Promise<unknown> {
  const endMs = performance.now() + patienceMs;
  while (performance.now() < endMs) {
    // Rejects until the page has a document.
    const value = await page.evaluate(expression).catch(() => null);
    if (value !== null && value !== false) return value;
    await new Promise((resolve) => void setTimeout(resolve, 500));
  }
  throw new Error(`a page did not come to: ${expression}`);
}

const liveLink = `(() => {
  const state = self.streamgauge?.snapshot();
  return state?.phase === "sending" && state.outlet?.state === "live" && state.link.includes("join=") ? state.link : null;
})()`;

/** Of each stream its kind, the frames displayed and the events. */
const streamsScript = `self.streamgauge?.streams().map(({ kind, snapshot, events }) => ({
  stream: kind,
  displayedCount: snapshot.phase === "measuring" ? snapshot.measures.reading.displayedCount : 0,
  eventCount: events.length,
}))`;

async function openPages(
  browser: BareBrowser,
  url: string,
): Promise<readonly (readonly [string, BarePage])[]> {
  const sender = await browser.openPage(
    `${url}/sender?via=hls&control=1&segment=1&size=320x180&fps=15&kbps=300&start=1`,
  );
  const receiver = await browser.openPage(String(await until(sender, liveLink)));
  const areShown = `${streamsScript}?.filter(({ displayedCount }) => displayedCount > 10).length === 2`;
  await until(receiver, areShown);
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

/** A page that is watched. */
type Watched = {
  readonly name: string;
  readonly page: BarePage;
  readonly series: Series;
};

async function watch([name, page]: readonly [string, BarePage]): Promise<Watched> {
  await page.ask("Performance.enable");
  return { name, page, series: { atHours: [], samples: [] } };
}

/** A sender and a receiver of two streams, direct WebRTC and LL-HLS, with all charts open. */
async function soak(
  url: string,
  { quick, minutes, progress }: BenchOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const lastMinutes = minutes ?? (quick ? 1 : defaultMinutes);
  // Else the browser counts when it next collects by itself, up to minutes later.
  const browser = await startBareBrowser(["--enable-blink-features=ForceEagerMeasureMemory"]);
  try {
    const pages = await openPages(browser, url);
    const held = await Promise.all(pages.map(watch));
    const resident: { readonly atHours: number[]; readonly mb: (number | null)[] } = { atHours: [], mb: [] };
    const beganMs = performance.now();
    for (let atMs = 0; atMs < lastMinutes * 60_000; atMs = performance.now() - beganMs) {
      await new Promise((resolve) => void setTimeout(resolve, sampleEveryMs));
      const atHours = (performance.now() - beganMs) / 3_600_000;
      for (const { page, series } of held) {
        series.samples.push(await sample(page));
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
      // Memory of streams that stood still would tell nothing.
      streams: await receiver?.[1].evaluate(streamsScript),
      memory: held.flatMap(({ name, series }) => growthOf(name, series)),
      bothProcesses: [{ measure: "residentMb", ...growth(resident.atHours, resident.mb) }],
    };
  } finally {
    await browser.close();
  }
}

/** Whether pages that measure for hours grow. */
export const bench: Bench = {
  name: "soak",
  about:
    "sender (LL-HLS and direct) and receiver of both, 320x180 at 15 fps: what each page holds after a collection, and its growth per hour",
  run: (options) => withServer((url) => soak(url, options)),
};
