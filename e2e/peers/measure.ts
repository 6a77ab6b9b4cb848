import { expect, test, type Page } from "@playwright/test";

import type { Measured } from "../../src/core/measured.ts";
import type { Snapshot } from "../../src/core/timeline/snapshot.ts";
import { measuresOf, reset, untilClockKnown, untilDisplayed } from "../conditions.ts";

/** What is told of a road in the table of what was measured. */
export type PeerRow = {
  readonly peer: string;
  readonly road: string;
  readonly frameCount: number;
  readonly readPct: string;
  readonly p50Ms: string;
  readonly p95Ms: string;
  readonly lostPct: string;
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
  const { reading, latencyMs, frames } = measures;
  const row: PeerRow = {
    peer,
    road,
    frameCount: reading.displayedCount,
    readPct: show(reading.readRatio, 100, 1),
    p50Ms: show(latencyMs.p50, 1, 0),
    p95Ms: show(latencyMs.p95, 1, 0),
    lostPct: show(frames.lossRatio, 100, 2),
  };
  test.info().annotations.push({ type: "peer", description: JSON.stringify(row) });
  expect(reading.readRatio.known ? reading.readRatio.value : 0, JSON.stringify(reading)).toBeGreaterThan(
    0.97,
  );
  return measures;
}

function show(figure: Measured, factor: number, decimals: number): string {
  return figure.known ? (figure.value * factor).toFixed(decimals) : `not known: ${figure.why}`;
}
