import { expect, test, type Page } from "@playwright/test";

import type { Measured } from "../../src/core/measured.ts";
import type { Snapshot } from "../../src/core/timeline/snapshot.ts";
import { measuresOf, observationsOf, reset, untilClockKnown, untilDisplayed } from "../conditions.ts";

/** What is told of a road in the table of what was measured (deploy/test-peers.mjs). */
type PeerRow = {
  readonly peer: string;
  readonly road: string;
  /** Distinct frames displayed in the last second. */
  readonly fps: string;
  readonly frameCount: number;
  /** Of the frames displayed, those whose marker was read. */
  readonly readPct: string;
  /** Of the frames that the browser gave pixels of, those whose marker was read. */
  readonly givenReadPct: string;
  readonly p50Ms: string;
  readonly p95Ms: string;
};

/**
 * By which clock latency is told: the one compared with the sender's tab, the machine's where a command is the source, which
 * stands on the same machine, or none where a file is played.
 */
type PeerClock = "compared" | "machine" | "none";

/** Frames that a measurement is made of, after the start of the stream. */
const frameCount = 250;

/** Measures a stream that a receiver plays, and notes the figures for the table. */
export async function measurePeer(
  receiver: Page,
  peer: string,
  road: string,
  clock: PeerClock = "compared",
): Promise<Snapshot> {
  await untilDisplayed(receiver, 30);
  if (clock === "compared") await untilClockKnown(receiver, 3);
  await reset(receiver);
  await untilDisplayed(receiver, frameCount);
  const measures = await measuresOf(receiver);
  const { reading, frameRateFps } = measures;
  const row: PeerRow = {
    peer,
    road,
    fps: show(frameRateFps.displayed, 1, 1),
    ...toReadFigures(reading),
    ...(await latencyOf(receiver, measures, clock)),
  };
  test.info().annotations.push({ type: "peer", description: JSON.stringify(row) });
  expect(Number(row.givenReadPct), JSON.stringify(reading)).toBeGreaterThan(99);
  return measures;
}

async function latencyOf(
  receiver: Page,
  { latencyMs }: Snapshot,
  clock: PeerClock,
): Promise<Pick<PeerRow, "p50Ms" | "p95Ms">> {
  if (clock === "none") return { p50Ms: "not live", p95Ms: "not live" };
  if (clock === "compared") {
    expect(latencyMs.p50).toMatchObject({ known: true });
    return { p50Ms: show(latencyMs.p50, 1, 0), p95Ms: show(latencyMs.p95, 1, 0) };
  }
  const latenciesMs = (await observationsOf(receiver))
    .flatMap(({ displayTimeUs, reading }) =>
      reading.read ? [(displayTimeUs - reading.marker.captureTimeUs) / 1000] : [],
    )
    .toSorted((a, b) => a - b);
  const at = (share: number) => (latenciesMs[Math.floor(share * latenciesMs.length)] ?? 0).toFixed(0);
  return { p50Ms: at(0.5), p95Ms: at(0.95) };
}

/** A busy machine's browser skips callbacks, and with them the only chance for a frame's pixels. */
function toReadFigures({
  readRatio,
  readCount,
  displayedCount,
  unreadCounts,
}: Snapshot["reading"]): Pick<PeerRow, "frameCount" | "readPct" | "givenReadPct"> {
  const givenCount = displayedCount - unreadCounts.unavailable;
  return {
    frameCount: displayedCount,
    readPct: show(readRatio, 100, 1),
    givenReadPct: ((100 * readCount) / Math.max(1, givenCount)).toFixed(1),
  };
}

function show(figure: Measured, factor: number, decimals: number): string {
  return figure.known ? (figure.value * factor).toFixed(decimals) : `not known: ${figure.why}`;
}
