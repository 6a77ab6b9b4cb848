import * as v from "valibot";

import { toReceiverUs, toSenderUs } from "../../core/clock/instants.ts";
import { toRunFileLines, type HandKept } from "../../core/runs/keep-by-hand.ts";
import { measuredSchema, type RunFileLine } from "../../core/runs/read-journal.ts";
import { rowBytes, writeRow, type LoggedObservation } from "../../core/timeline/observation-row.ts";

/** Observations of one line of the file. */
const rowsPerLine = 6000;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const senderUs = v.pipe(v.number(), v.transform(toSenderUs));
const readBy = v.picklist(["tracked", "found", "rescued"]);
const unreadWhy = v.picklist(["absent", "broken", "foreign", "busy", "unavailable"]);

/** One item of the receiver tab's JSON export. */
const itemSchema = v.pipe(
  v.object({
    displayTimeUs: v.pipe(v.number(), v.transform(toReceiverUs)),
    displayTimeSource: v.picklist(["reported", "inferred"]),
    reading: v.variant("read", [
      v.object({
        read: v.literal(true),
        by: readBy,
        marker: v.object({ runNumber: count, frameId: count, captureTimeUs: senderUs }),
      }),
      v.object({ read: v.literal(false), why: unreadWhy }),
    ]),
    presentationTimeUs: v.number(),
    widthPx: count,
    heightPx: count,
    readMs: v.number(),
    latencyMs: measuredSchema,
  }),
  v.transform(({ latencyMs, ...observation }): LoggedObservation => ({ observation, latencyMs })),
);

/**
 * Makes a run file of a measurement, gzipped.
 * @param exported the observations as the receiver tab exports them: one JSON item a line
 */
export async function toRunFile(kept: Omit<HandKept, "observationCount">, exported: Blob): Promise<Blob> {
  const observations: string[] = [];
  let rowCount = 0;
  for await (const group of groupsOf(exported)) {
    const rows = toBase64(group);
    const line: RunFileLine = {
      kind: "observations",
      runId: kept.runId,
      stream: 1,
      firstIndex: rowCount,
      rows,
    };
    observations.push(`${JSON.stringify(line)}\n`);
    rowCount += group.length;
  }
  const { before, after } = toRunFileLines({ ...kept, observationCount: rowCount });
  const whole = new Blob([toText(before), ...observations, toText(after)]);
  return new Response(whole.stream().pipeThrough(new CompressionStream("gzip"))).blob();
}

function toText(lines: readonly RunFileLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

async function* groupsOf(exported: Blob): AsyncGenerator<readonly LoggedObservation[]> {
  let group: LoggedObservation[] = [];
  for await (const line of linesOf(exported)) {
    // The export's first and last line frame the list.
    if (!line.startsWith('{"index":')) continue;
    group.push(v.parse(itemSchema, JSON.parse(line.endsWith(",") ? line.slice(0, -1) : line)));
    if (group.length < rowsPerLine) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

async function* linesOf(blob: Blob): AsyncGenerator<string> {
  const reader = blob.stream().pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

function toBase64(group: readonly LoggedObservation[]): string {
  const bytes = new Uint8Array(group.length * rowBytes);
  const view = new DataView(bytes.buffer);
  for (const [row, logged] of group.entries()) writeRow(view, row, logged);
  // In pieces: an argument list has its limits.
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCodePoint(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** A UUID version 7 (RFC 9562 section 5.7): 48 bits of the time in ms, the rest by chance. */
export function newRunId(nowMs: number): string {
  const time = Math.floor(nowMs).toString(16).padStart(12, "0");
  const random = crypto.randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
