import type { Result } from "../../core/failure.ts";
import type { Measured } from "../../core/measured.ts";
import { csvHeader, toCsvLines } from "../../core/timeline/observation-csv.ts";
import { jsonHead, jsonSeparator, jsonTail, toJsonItems } from "../../core/timeline/observation-json.ts";
import { readRows, type LoggedObservation } from "../../core/timeline/observation-row.ts";
import type { Observation } from "../../core/timeline/observation.ts";
import { createCaller, type Caller } from "../workers/call.ts";
import type { LogJobs } from "./observation-log.protocol.ts";
import { createRowRing, type RowRing } from "./row-ring.ts";

/** Where a log keeps its rows. */
export type LogStorage =
  /** All of them, on this device's disk. */
  | { readonly kind: "disk" }
  /** The newest only, `keptCount` at most; `why` says what is wrong with the disk, in the user's words. */
  | { readonly kind: "memory"; readonly why: string; readonly keptCount: number };

/** All observations of one session, in little memory. Whoever made it closes it; calls after that throw. */
export type ObservationLog = {
  /** Takes in one observation with its latency as known now. Returns at once; on disk within a second. */
  readonly append: (observation: Observation, latencyMs: Measured) => void;
  /** Observations with an index of `since` or more (0 is the first since the last reset), at most `limit`, in display order. */
  readonly read: (query?: {
    readonly since?: number;
    readonly limit?: number;
  }) => Promise<readonly Observation[]>;
  /** Observations since the last reset, kept or not. */
  readonly count: () => number;
  readonly storage: () => LogStorage;
  /** Everything kept, as a file; made in pieces, so that memory stays small however long the session. */
  readonly toCsv: () => Promise<Blob>;
  readonly toJson: () => Promise<Blob>;
  /** Forgets everything and counts from 0. */
  readonly reset: () => void;
  readonly close: () => void;
};

/** Rows on the way to the disk, or kept without one: 32 MB, two hours at 60 fps. */
const memoryRows = 500_000;
/** How often rows are written, ms. */
const flushEveryMs = 1000;
/** Rows read back at once: half a megabyte. */
const pieceRows = 8192;

/** The disk's side of a log. */
export type LogDisk = {
  readonly caller: Caller<LogJobs>;
  /** The file's name, no other log's. */
  readonly name: string;
};

/** Whether this browser gives a page files of its own (not on insecure pages, not in every private window). */
function hasFiles(): boolean {
  const { navigator: own } = globalThis as {
    readonly navigator?: {
      readonly storage?: { readonly getDirectory?: unknown };
      readonly locks?: unknown;
    };
  };
  return "Worker" in globalThis && own?.storage?.getDirectory !== undefined && own.locks !== undefined;
}

function openDisk(): LogDisk | null {
  if (!hasFiles()) return null;
  const caller = createCaller<LogJobs>({
    start: () => new Worker(new URL("./observation-log.worker.ts", import.meta.url), { type: "module" }),
    what: "keeping the observations on disk",
  });
  return { caller, name: crypto.randomUUID() };
}

/** Makes a log. Where the disk cannot be had, the newest observations are kept in memory and `storage` says so. */
export function createObservationLog(): ObservationLog {
  return createLogOver(openDisk(), memoryRows);
}

/** What of a log is where, and since when. */
type Rows = {
  readonly disk: LogDisk | null;
  readonly ring: RowRing;
  /** Rows safe on disk. */
  writtenCount: number;
  /** Why nothing more is written; null while the disk does its part. */
  diskWhy: string | null;
  /** Counts resets, so that what was under way before one does not count after it. */
  round: number;
};

function giveUp(rows: Rows, result: Result<unknown>): void {
  if (!result.ok) rows.diskWhy ??= result.failure.cause ?? result.failure.what;
}

/** Writes what is not on disk yet; resolves when it is, or the disk has failed. */
async function flush(rows: Rows): Promise<void> {
  const { disk, ring, round } = rows;
  const toRow = ring.endRow();
  const atRow = Math.max(rows.writtenCount, ring.firstRow());
  if (disk === null || rows.diskWhy !== null || toRow === atRow) return;
  const bytes = ring.copy(atRow, toRow).buffer;
  const request = { name: disk.name, atRow, bytes };
  const result = await disk.caller.call("append", request, { transfer: [bytes] });
  giveUp(rows, result);
  if (!result.ok || rows.round !== round) return;
  rows.writtenCount = Math.max(rows.writtenCount, toRow);
  ring.dropBefore(rows.writtenCount);
}

/** A piece of log from a row on: from disk while it is there, else from memory; empty where neither has more. */
async function readPiece(
  rows: Rows,
  fromRow: number,
  toRow: number,
): Promise<{ readonly firstRow: number; readonly logged: readonly LoggedObservation[] }> {
  const { disk, ring } = rows;
  if (disk !== null && fromRow < rows.writtenCount) {
    const rowCount = Math.min(pieceRows, toRow - fromRow, rows.writtenCount - fromRow);
    const result = await disk.caller.call("read", { name: disk.name, fromRow, rowCount });
    giveUp(rows, result);
    if (result.ok) return { firstRow: fromRow, logged: readRows(new Uint8Array(result.value)) };
  }
  const firstRow = Math.max(fromRow, ring.firstRow());
  const endRow = Math.min(firstRow + pieceRows, toRow, ring.endRow());
  return { firstRow, logged: firstRow < endRow ? readRows(ring.copy(firstRow, endRow)) : [] };
}

/** Pieces of log one after the other, up to what is there now. */
async function* piecesOf(
  rows: Rows,
  since: number,
  limit: number,
): AsyncGenerator<{ readonly firstRow: number; readonly logged: readonly LoggedObservation[] }> {
  const toRow = Math.min(rows.ring.endRow(), since + limit);
  const { round } = rows;
  let row = since;
  while (row < toRow && rows.round === round) {
    const piece = await readPiece(rows, row, toRow);
    if (piece.logged.length === 0) return;
    yield piece;
    row = piece.firstRow + piece.logged.length;
  }
}

/** How observations are written to a file: what stands around and between the pieces. */
type ExportForm = {
  readonly type: string;
  readonly head: string;
  readonly separator: string;
  readonly tail: string;
  readonly write: (logged: readonly LoggedObservation[], firstRow: number) => string;
};

const csvForm: ExportForm = {
  type: "text/csv;charset=utf-8;header=present",
  head: csvHeader,
  separator: "",
  tail: "",
  write: toCsvLines,
};

const jsonForm: ExportForm = {
  type: "application/json",
  head: jsonHead,
  separator: jsonSeparator,
  tail: jsonTail,
  write: toJsonItems,
};

/**
 * Makes a log over any disk; the one beneath `createObservationLog`.
 * @param capacityRows rows kept in memory where there is no disk
 */
export function createLogOver(disk: LogDisk | null, capacityRows: number): ObservationLog {
  const rows: Rows = {
    disk,
    ring: createRowRing(capacityRows),
    writtenCount: 0,
    diskWhy: disk === null ? "this browser gives the page no files of its own" : null,
    round: 0,
  };
  const opening = disk?.caller.call("open", { name: disk.name });
  void opening?.then((result) => giveUp(rows, result));
  const timer = disk === null ? null : setInterval(() => void flush(rows), flushEveryMs);

  async function toBlob({ type, head, separator, tail, write }: ExportForm): Promise<Blob> {
    let blob = new Blob([head], { type });
    let before = "";
    for await (const { logged, firstRow } of piecesOf(rows, 0, Infinity)) {
      if (logged.length === 0) continue;
      // The browser keeps a blob's parts outside the page's memory.
      blob = new Blob([blob, before, write(logged, firstRow)], { type });
      before = separator;
    }
    return new Blob([blob, tail], { type });
  }

  return {
    append: (observation, latencyMs) => rows.ring.append({ observation, latencyMs }),
    read: async ({ since = 0, limit = Infinity } = {}) => {
      const observations: Observation[] = [];
      for await (const { logged } of piecesOf(rows, since, limit)) {
        for (const { observation } of logged) observations.push(observation);
      }
      return observations;
    },
    count: () => rows.ring.endRow(),
    storage: () =>
      rows.diskWhy === null
        ? { kind: "disk" }
        : { kind: "memory", why: rows.diskWhy, keptCount: capacityRows },
    toCsv: () => toBlob(csvForm),
    toJson: () => toBlob(jsonForm),
    reset: () => {
      rows.round += 1;
      rows.writtenCount = 0;
      rows.ring.clear();
      if (disk !== null) void disk.caller.call("clear", { name: disk.name });
    },
    close: () => {
      if (timer !== null) clearInterval(timer);
      disk?.caller.close();
    },
  };
}
