import type { Page } from "@playwright/test";

import { startDelayProxy } from "../e2e/delay-proxy.ts";
import { openHlsSender, openInPlace, streamsOf, untilPaired, untilSegments } from "../e2e/hls-conditions.ts";
import type { SenderAutomation, StreamReport } from "../src/core/wire/automation.ts";
import type { Bench, BenchOptions } from "./bench-type.ts";
import { type Devices, withDevices } from "./parts/devices.ts";
import { valueOf } from "./parts/figures.ts";

type Face = { readonly streamgauge: SenderAutomation };
type Row = Readonly<Record<string, string | number | null>>;

/** A receiver of what is sent. */
type Case = {
  readonly name: string;
  /** Of the receiver's address. */
  readonly receive: string;
  readonly measuredS: number;
};

const lowLatency = "&size=1280x720&fps=30&kbps=2500&segment=1&part=200";
const smallLowLatency = "&size=640x360&fps=30&kbps=1000&segment=1&part=200";
const smallPlain = "&size=640x360&fps=30&kbps=1000&segment=2&part=0";
const tiny = "&size=320x180&fps=30&kbps=400&segment=1&part=200";
const delaysMs = [500, 2000] as const;

/** Until decoders and readers are warm and the clocks are compared, ms. */
const warmUpMs = 10_000;
/** What is waited for comes well within this, however busy the machine, ms. */
const patienceMs = 120_000;

function rowOf(name: string, { kind, snapshot, differentialMs, events }: StreamReport): Row {
  if (snapshot.phase !== "measuring") return { case: name, road: kind, state: snapshot.phase };
  const { latencyMs, reading, frames, frameRateFps, freezes } = snapshot.measures;
  const stalls = events.flatMap((event) => (event.kind === "stall" ? [event.durationMs] : []));
  return {
    case: name,
    road: kind,
    p50Ms: valueOf(latencyMs.p50),
    p95Ms: valueOf(latencyMs.p95),
    boundMs: latencyMs.p50.known ? latencyMs.p50.bound : null,
    overControlP50Ms: valueOf(differentialMs.p50),
    displayedCount: reading.displayedCount,
    readRatio: valueOf(reading.readRatio),
    lostCount: valueOf(frames.lostCount),
    displayedFps: valueOf(frameRateFps.displayed),
    freezeCount: valueOf(freezes.count),
    stallCount: stalls.length,
    stalledMs: stalls.reduce((sum, durationMs) => sum + durationMs, 0),
  };
}

/** Measures all streams of a receiver for a while, from when it is warm. */
async function measure(receiver: Page, { name, measuredS }: Case): Promise<readonly Row[]> {
  await receiver.waitForTimeout(warmUpMs);
  await receiver.keyboard.press("r");
  await receiver.waitForTimeout(measuredS * 1000);
  return (await streamsOf(receiver)).map((stream) => rowOf(name, stream));
}

async function sentRow(sender: Page, name: string): Promise<Row> {
  const state = await sender.evaluate(() => (globalThis as unknown as Face).streamgauge.snapshot());
  if (state.phase !== "sending" || state.report === null) return { case: name };
  const { report } = state;
  return {
    case: name,
    madeCount: report.madeCount,
    lateCount: report.lateCount,
    skippedCount: report.skippedCount,
    droppedCount: report.droppedCount,
    encodedFps: valueOf(report.encodedFps),
    sentFps: valueOf(report.sentFps),
    bitrateKbps: valueOf(report.bitrateKbps),
    putRoundTripMs: valueOf(report.roundTripMs),
  };
}

async function openReceiver({ receiving }: Devices, link: string): Promise<Page> {
  const page = await (await receiving.newContext()).newPage();
  await page.goto(link);
  return page;
}

/** Low-latency HLS: as the playlist asks for, and nearer. */
async function lowLatencyRows({ quick, progress }: BenchOptions) {
  const cases: readonly Case[] = [
    { name: "LL-HLS 720p30, as shipped", receive: "", measuredS: quick ? 20 : 300 },
    { name: "LL-HLS 720p30, sync=0.4", receive: "&sync=0.4", measuredS: quick ? 20 : 60 },
  ];
  return withDevices(async (devices) => {
    const context = await devices.sending.newContext({ baseURL: devices.url });
    const sender = await openHlsSender(context, lowLatency);
    const rows: Row[] = [];
    const sent: Row[] = [];
    for (const each of cases) {
      progress(`  ${each.name}`);
      const receiver = await openReceiver(devices, sender.link + each.receive);
      const measured = await measure(receiver, each);
      rows.push(...measured);
      sent.push(await sentRow(sender.page, each.name));
      progress(`    ${JSON.stringify(measured)}`);
      await receiver.context().close();
    }
    return { rows, sent };
  });
}

/** Low-latency HLS, plain HLS of 2 s segments and the direct control beside each other. */
async function besideRows({ quick, progress }: BenchOptions): Promise<readonly Row[]> {
  const name = "LL-HLS, HLS 2 s, direct: 360p30, one receiver";
  progress(`  ${name}`);
  return withDevices(async (devices) => {
    const contexts = [0, 1].map(() => devices.sending.newContext({ baseURL: devices.url }));
    const [one, other] = await Promise.all(contexts);
    if (one === undefined || other === undefined) throw new Error("two contexts were opened");
    const low = await openHlsSender(one, `${smallLowLatency}&control=1`);
    const plain = await openHlsSender(other, smallPlain);
    // Three segments of 2 s have to be there before the plain one can begin.
    await untilSegments(plain.playUrl, 4);
    const link = `${low.link}&url=${encodeURIComponent(plain.playUrl)}`;
    const receiver = await openReceiver(devices, link);
    return measure(receiver, { name, receive: "", measuredS: quick ? 20 : 60 });
  });
}

/** Four streams of 360p30 in one receiver: the direct control and three low-latency players, each with a reader of its own. */
async function fourRows({ quick, progress }: BenchOptions): Promise<readonly Row[]> {
  const name = "direct and three LL-HLS: 360p30, one receiver";
  progress(`  ${name}`);
  return withDevices(async (devices) => {
    const context = await devices.sending.newContext({ baseURL: devices.url });
    const low = await openHlsSender(context, `${smallLowLatency}&control=1`);
    await untilSegments(low.playUrl, 4);
    const again = `&url=${encodeURIComponent(low.playUrl)}`;
    const receiver = await openReceiver(devices, low.link + again.repeat(2));
    return measure(receiver, { name, receive: "", measuredS: quick ? 20 : 60 });
  });
}

/** The same stream thrice, two of them delayed by a known time: what is measured is the delay. */
async function delayRows({ quick, progress }: BenchOptions): Promise<readonly Row[]> {
  progress("  delays put in the way of LL-HLS");
  return withDevices(async (devices) => {
    const proxy = await startDelayProxy(devices.url, delaysMs);
    try {
      await openHlsSender(await devices.sending.newContext(), tiny, proxy.url);
      // A stream has to be longer than the distance that it is played at.
      for (const url of proxy.playUrls()) await untilSegments(url, 4);
      const urls = proxy.playUrls().map((url) => `url=${encodeURIComponent(url)}`);
      const receiver = await (await devices.receiving.newContext()).newPage();
      receiver.setDefaultTimeout(patienceMs);
      await openInPlace(receiver, `${devices.url}/receiver?${urls.join("&")}&sync=2&start=1`, 2000);
      await receiver.keyboard.press("r");
      await untilPaired(receiver, quick ? 150 : 900);
      const [, ...others] = await streamsOf(receiver);
      return others.map((stream, index) => ({
        injectedMs: delaysMs[index] ?? null,
        measuredP50Ms: valueOf(stream.differentialMs.p50),
        errorMs: (valueOf(stream.differentialMs.p50) ?? Number.NaN) - (delaysMs[index] ?? Number.NaN),
        pairCount: stream.differentialMs.pairCount,
        stallCount: stream.events.filter(({ kind }) => kind === "stall").length,
      }));
    } finally {
      await proxy.stop();
    }
  });
}

async function run(options: BenchOptions): Promise<Readonly<Record<string, unknown>>> {
  const delays = await delayRows(options);
  const besideEachOther = await besideRows(options);
  const fourAtOnce = await fourRows(options);
  const { rows, sent } = await lowLatencyRows(options);
  return { lowLatency: rows, sent, besideEachOther, fourAtOnce, delays };
}

/** Latency of HLS out of a tab by the marker, its stalls, and whether injected delays are found again. */
export const bench: Bench = {
  name: "hls",
  about:
    "HLS published by a tab, played beside the direct control on the same cores: latency, stalls, injected delays",
  run,
};
