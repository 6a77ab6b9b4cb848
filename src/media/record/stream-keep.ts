import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { Measured } from "../../core/measured.ts";
import { containerOf } from "../../core/record/container.ts";
import type { StoredItem } from "../../core/record/item.ts";
import { rowBytes, writeRow } from "../../core/timeline/observation-row.ts";
import type { Observation } from "../../core/timeline/observation.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import { createGiver, type Giver } from "./intake.shared.ts";
import type { Keep, KeepPorts, KeptStream } from "./keep.ts";
import type { KeptKind, ReceivedPiece, ReceivedTap } from "./received.ts";
import type { TapNews, TapOptions, TapRequest } from "./tap.protocol.ts";

/** A displayed picture's luma, rows without padding. */
export type DisplayedLuma = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly atUs: number;
  /** Given away. */
  readonly bytes: ArrayBuffer;
};

/** One stream being kept. Whoever made it closes it. */
export type StreamKeep = {
  readonly sessionId: string;
  readonly tap: ReceivedTap;
  readonly addRow: (observation: Observation, latencyMs: Measured) => void;
  readonly addFacts: (facts: StreamFacts) => void;
  /** Takes a picture where nothing better is to be had and something is recorded. */
  readonly addLuma: (luma: DisplayedLuma) => void;
  /** Whether pictures are wanted now. */
  readonly wantsLuma: () => boolean;
  /** Records from now on; resolves with the segment's id. */
  readonly record: () => Promise<Result<string>>;
  readonly end: (segmentId: string) => Promise<Result<null>>;
  /** Keeps the last seconds after the event; resolves with the segment's id. */
  readonly keepLast: (seconds: number) => Promise<Result<string>>;
  /** The stream has ended: a recording ends with it, and nothing more is recorded. Its last seconds can still be kept. */
  readonly halt: () => void;
  readonly close: () => void;
};

/** What a stream keep needs of the page. */
export type StreamKeepAdapters = {
  readonly keep: Keep;
  /** Receiver's epoch clock, integer us. */
  readonly nowUs: () => number;
  /** Calls again and again until the answer is called. */
  readonly every: (intervalMs: number, call: () => void) => () => void;
  /** Starts the worker that takes encoded frames; null where this browser gives none. */
  readonly startTap: (() => Worker) | null;
};

/** How often observations go to the disk, ms. */
const rowsEveryMs = 500;
/** Raw pictures are kept for so long at most, s: 720p at 30 fps makes 27 MB a second. */
export const longestLumaS = 10;
/** A stream that brought no bitstream within this is one that has none, us. */
const bitstreamPatienceUs = 3_000_000;

/** The changing part of one stream keep. */
type Live = {
  giver: Giver | null;
  worker: Worker | null;
  /** Waits for a worker to be given to. */
  tapPort: MessagePort | null;
  kind: KeptKind | null;
  /** Connections whose frames were led through the worker. */
  linkCount: number;
  /** Instant at which the first frame was displayed; null before. */
  displayedSinceUs: number | null;
  rows: Uint8Array<ArrayBuffer>;
  rowCount: number;
  recording: { readonly segmentId: string; lumaSinceUs: number | null } | null;
  /** When the stream ended; null while it goes on. */
  endedAtUs: number | null;
};

/** Rows held between two writings at most: a second at 240 fps. */
const heldRows = 256;

/** The worker of this browser that takes encoded frames, where it has what that needs. */
export const browserTap: (() => Worker) | null =
  "RTCRtpScriptTransform" in globalThis
    ? () => new Worker(new URL("./tap.worker.ts", import.meta.url), { type: "module" })
    : null;

function newLive(): Live {
  return {
    giver: null,
    worker: null,
    tapPort: null,
    kind: null,
    linkCount: 0,
    displayedSinceUs: null,
    rows: new Uint8Array(heldRows * rowBytes),
    rowCount: 0,
    recording: null,
    endedAtUs: null,
  };
}

function idOr(result: Result<null>, segmentId: string): Result<string> {
  return result.ok ? succeed(segmentId) : result;
}

/** Begins to keep a stream: its ring fills from now on. */
export function createStreamKeep(adapters: StreamKeepAdapters, label: string): StreamKeep {
  const { keep, nowUs, every } = adapters;
  const live = newLive();
  const sessionId = crypto.randomUUID();
  const stream: KeptStream = { sessionId, label, takePorts: (ports) => takePorts(live, ports) };
  const joined = keep.join(stream);
  const flush = (): void => flushRows(live, nowUs());
  const stopWriting = every(rowsEveryMs, flush);
  const end = async (segmentId: string, cause: "asked" | "closed"): Promise<Result<null>> => {
    flush();
    if (live.recording?.segmentId === segmentId) live.recording = null;
    return keep.call("end", { sessionId, segmentId, cause });
  };
  const halt = (): void => {
    if (live.endedAtUs !== null) return;
    live.endedAtUs = nowUs();
    stopWriting();
    flush();
    if (live.recording !== null) void end(live.recording.segmentId, "closed");
    live.worker?.terminate();
  };
  return {
    sessionId,
    tap: {
      onReceiver: (receiver) => attachTap(adapters, live, receiver),
      onPiece: (piece) => givePiece(live, piece, nowUs()),
    },
    addRow: (observation, latencyMs) => addRow(live, observation, latencyMs, nowUs()),
    addFacts: (facts) => void keep.call("facts", { sessionId, facts }),
    addLuma: (luma) => {
      if (giveLuma(live, luma) || live.recording === null) return;
      void end(live.recording.segmentId, "asked");
    },
    wantsLuma: () => live.recording !== null && live.kind === "luma",
    record: async () => {
      const ready = await joined;
      if (!ready.ok) return ready;
      if (live.endedAtUs !== null) return fail(hasEnded);
      const segmentId = crypto.randomUUID();
      const begun = await keep.call("record", { sessionId, segmentId });
      if (begun.ok) live.recording = { segmentId, lumaSinceUs: null };
      return idOr(begun, segmentId);
    },
    end: (segmentId) => end(segmentId, "asked"),
    keepLast: async (seconds) => {
      if (live.kind === "luma") return fail(noRing);
      flush();
      const segmentId = crypto.randomUUID();
      const fromUs = (live.endedAtUs ?? nowUs()) - seconds * 1e6;
      return idOr(await keep.call("keepFrom", { sessionId, segmentId, fromUs }), segmentId);
    },
    halt,
    close: () => {
      halt();
      keep.leave(stream);
    },
  };
}

const hasEnded: Failure = {
  kind: "ended-early",
  what: "recording the stream",
  where: "a stream that has ended",
  next: "Its last seconds can still be kept, as long as it is not left.",
};

const noRing: Failure = {
  kind: "unsupported",
  what: "keeping the last seconds",
  where: "a stream that gives this page no bitstream",
  next: `Press Record: the displayed luma is then kept raw, for ${longestLumaS} s at most.`,
};

function takePorts(live: Live, { page, tap }: KeepPorts): void {
  live.giver = createGiver(page, () => undefined);
  live.tapPort = tap;
  sendTapPort(live);
}

/** Frames have a road of their own to the disk, which does not lead over the page. */
function sendTapPort(live: Live): void {
  const { worker, tapPort } = live;
  if (worker === null || tapPort === null) return;
  live.tapPort = null;
  worker.postMessage({ kind: "port", port: tapPort } satisfies TapRequest, [tapPort]);
}

/** False for what is let go, since there is no room for it under way: the disk is slower than the stream. */
function give(live: Live, item: StoredItem, bytes: ArrayBuffer): boolean {
  return live.giver?.give(item, bytes) ?? false;
}

/** Leads a receiver's frames through the worker, on their way to the decoder. */
function attachTap({ startTap }: StreamKeepAdapters, live: Live, receiver: RTCRtpReceiver): void {
  if (startTap === null || receiver.track.kind !== "video") return;
  const worker = live.worker ?? startTap();
  live.worker = worker;
  sendTapPort(live);
  worker.onmessage = ({ data }: MessageEvent<TapNews>): void => {
    if (data.kind === "taking") live.kind = "frames";
    const codecs = receiver
      .getParameters()
      .codecs.map(({ payloadType, mimeType }) => ({ payloadType, mimeType }));
    if (data.kind === "codecs-wanted") worker.postMessage({ kind: "codecs", codecs } satisfies TapRequest);
  };
  worker.onerror = (): void => {
    // Without its worker the receiver would show nothing: the picture goes before the recording.
    receiver.transform = null;
    live.worker = null;
    live.kind = null;
  };
  receiver.transform = new RTCRtpScriptTransform(worker, { linkNumber: live.linkCount } satisfies TapOptions);
  live.linkCount += 1;
}

function givePiece(live: Live, piece: ReceivedPiece, atUs: number): void {
  const { bytes, ...rest } = piece;
  live.kind = "pieces";
  const mimeType = containerOf(new Uint8Array(bytes));
  give(live, { kind: "piece", mimeType, receivedAtUs: atUs, ...rest }, bytes);
}

function addRow(live: Live, observation: Observation, latencyMs: Measured, atUs: number): void {
  live.displayedSinceUs ??= atUs;
  if (live.kind === null && atUs - live.displayedSinceUs > bitstreamPatienceUs) live.kind = "luma";
  if (live.rowCount === heldRows) flushRows(live, atUs);
  writeRow(new DataView(live.rows.buffer), live.rowCount, { observation, latencyMs });
  live.rowCount += 1;
}

function flushRows(live: Live, atUs: number): void {
  if (live.rowCount === 0) return;
  const bytes = live.rows.slice(0, live.rowCount * rowBytes).buffer;
  const isGiven = give(live, { kind: "rows", receivedAtUs: atUs }, bytes);
  // Rows are little, and a gap among them would look like frames that never were displayed.
  if (isGiven || live.rowCount === heldRows) live.rowCount = 0;
}

/** False when enough was taken. */
function giveLuma(live: Live, { widthPx, heightPx, atUs, bytes }: DisplayedLuma): boolean {
  const { recording } = live;
  if (recording === null) return true;
  recording.lumaSinceUs ??= atUs;
  if (atUs - recording.lumaSinceUs > longestLumaS * 1e6) return false;
  give(live, { kind: "luma", widthPx, heightPx, receivedAtUs: atUs }, bytes);
  return true;
}
