import { expect, test, type Page } from "@playwright/test";

import type { Measured } from "../../src/core/measured.ts";
import type { Snapshot } from "../../src/core/timeline/snapshot.ts";
import { measuresOf, reset, untilClockKnown, untilDisplayed } from "../conditions.ts";

/** What is told of a road in the table of what was measured. */
export type PeerRow = {
  readonly peer: string;
  readonly road: string;
  readonly frameCount: number;
  /** Of the frames displayed, those whose marker was read. */
  readonly readPct: string;
  /** Of the frames that the browser gave pixels of, those whose marker was read. */
  readonly givenReadPct: string;
  readonly p50Ms: string;
  readonly p95Ms: string;
};

/** Frames that a measurement is made of, after the start of the stream. */
const frameCount = 300;

/** Measures a stream that a receiver plays, and notes the figures for the table. */
export async function measurePeer(receiver: Page, peer: string, road: string): Promise<Snapshot> {
  await untilDisplayed(receiver, 30);
  await untilClockKnown(receiver, 3);
  await reset(receiver);
  await untilDisplayed(receiver, frameCount);
  const measures = await measuresOf(receiver);
  const { reading, latencyMs } = measures;
  const row: PeerRow = {
    peer,
    road,
    ...toReadFigures(reading),
    p50Ms: show(latencyMs.p50, 1, 0),
    p95Ms: show(latencyMs.p95, 1, 0),
  };
  test.info().annotations.push({ type: "peer", description: JSON.stringify(row) });
  expect(Number(row.givenReadPct), JSON.stringify(reading)).toBeGreaterThan(99);
  return measures;
}

/** A busy machine's browser skips callbacks, and with them the only chance for a frame's pixels. */
export function toReadFigures({
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
