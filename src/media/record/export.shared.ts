import * as v from "valibot";

import {
  storedItemSchema,
  type FrameItem,
  type LumaItem,
  type PieceItem,
  type StoredItem,
} from "../../core/record/item.ts";
import { readLog } from "../../core/record/record-log.ts";
import { bitstreamOf } from "../../core/record/ring.ts";
import { isSameBytes } from "../../core/same-bytes.ts";
import type { ExportedSegment, KeptFile } from "./export.protocol.ts";
import { createFrameMuxer, type FrameMuxer } from "./mux.shared.ts";

/** Makes files of a segment's parts, given in order. */
export type Exporter = {
  readonly add: (log: Uint8Array<ArrayBuffer>, untilUs: number) => Promise<void>;
  readonly finish: () => Promise<ExportedSegment>;
};

/** One file in the making. */
type Draft = {
  readonly bitstream: string;
  readonly kind: KeptFile["kind"];
  readonly pieces: Blob[];
  readonly muxer: FrameMuxer | null;
  /** Bytes of the newest init in `pieces`: another part's copy of it is left out. */
  init: Uint8Array | null;
  mimeType: KeptFile["mimeType"];
  /** Of the newest frame; null where it does not tell. */
  linkNumber: number | null;
  itemCount: number;
  skippedCount: number;
  fromUs: number;
  toUs: number;
};

type MediaItem = FrameItem | PieceItem | LumaItem;

function beginDraft(item: MediaItem, expectedBytes: number): Draft {
  const isFrame = item.kind === "frame";
  const muxer = isFrame ? createFrameMuxer(item.mimeType, expectedBytes) : null;
  return {
    bitstream: bitstreamOf(item) ?? "",
    kind: isFrame ? "frames" : item.kind === "piece" ? "pieces" : "luma",
    pieces: [],
    muxer,
    init: null,
    mimeType: muxer?.container ?? (item.kind === "piece" ? pieceType(item) : "video/x-yuv4mpeg"),
    linkNumber: isFrame ? (item.linkNumber ?? null) : null,
    itemCount: 0,
    skippedCount: 0,
    fromUs: item.receivedAtUs,
    toUs: item.receivedAtUs,
  };
}

function pieceType({ mimeType }: PieceItem): KeptFile["mimeType"] {
  return mimeType === "video/mp4" || mimeType === "video/mp2t" || mimeType === "video/webm"
    ? mimeType
    : "application/octet-stream";
}

/**
 * Whether a frame can be decoded after those of a file: another connection's from its first key frame on. What an earlier one still brings
 * after that would break the picture.
 */
function fits({ bitstream, linkNumber }: Draft, item: MediaItem): boolean {
  if (item.kind !== "frame") return true;
  const link = item.linkNumber ?? null;
  if (link === linkNumber && bitstream === bitstreamOf(item)) return true;
  return item.isKey && (link === null || linkNumber === null || link >= linkNumber);
}

async function addTo(draft: Draft, item: MediaItem, body: Uint8Array<ArrayBuffer>): Promise<void> {
  draft.toUs = Math.max(draft.toUs, item.receivedAtUs);
  if (item.kind === "piece" && item.role === "init") {
    if (draft.init !== null && isSameBytes(draft.init, body)) return;
    draft.init = body.slice();
    draft.pieces.push(new Blob([body]));
    return;
  }
  draft.itemCount += 1;
  if (item.kind === "frame") {
    draft.skippedCount += item.skippedCount;
    draft.linkNumber = item.linkNumber ?? null;
    await draft.muxer?.add(item, body);
  } else if (item.kind === "luma") {
    if (draft.pieces.length === 0) draft.pieces.push(new Blob([y4mHead(item)]));
    draft.pieces.push(new Blob(["FRAME\n", body]));
  } else {
    draft.pieces.push(new Blob([body]));
  }
}

/** YUV4MPEG2 of luma alone, as ffmpeg reads it; the frame rate is nominal, as displayed frames keep no even pace. */
function y4mHead({ widthPx, heightPx }: LumaItem): string {
  return `YUV4MPEG2 W${widthPx} H${heightPx} F30:1 Ip A1:1 Cmono XCOLORRANGE=LIMITED\n`;
}

async function finishDraft(draft: Draft): Promise<KeptFile> {
  const { kind, mimeType, fromUs, toUs, muxer, pieces } = draft;
  const muxed = await muxer?.finish();
  const blob = muxed?.blob ?? new Blob(pieces, { type: mimeType });
  const itemCount = muxed?.frameCount ?? draft.itemCount;
  const skippedCount = draft.skippedCount + (muxed?.lateCount ?? 0);
  return { blob, mimeType, kind, itemCount, skippedCount, fromUs, toUs };
}

/**
 * Makes an exporter.
 * @param expectedBytes about how much will come, so that large files are made in pieces
 */
export function createExporter(expectedBytes: number): Exporter {
  const drafts: Draft[] = [];
  const rows: Uint8Array<ArrayBuffer>[] = [];

  async function take(item: StoredItem, body: Uint8Array<ArrayBuffer>): Promise<void> {
    if (item.kind === "rows") {
      rows.push(body);
      return;
    }
    let draft = drafts.at(-1);
    if (draft !== undefined && !fits(draft, item)) {
      draft.skippedCount += 1;
      return;
    }
    if (draft === undefined || draft.bitstream !== bitstreamOf(item)) {
      draft = beginDraft(item, expectedBytes);
      drafts.push(draft);
    }
    await addTo(draft, item, body);
  }

  return {
    add: async (log, untilUs) => {
      for (const { head, body } of readLog(log).records) {
        const item = v.safeParse(storedItemSchema, head);
        if (!item.success || item.output.receivedAtUs > untilUs) continue;
        await take(item.output, body as Uint8Array<ArrayBuffer>);
      }
    },
    finish: async () => {
      const files: KeptFile[] = [];
      for (const draft of drafts) if (draft.itemCount > 0) files.push(await finishDraft(draft));
      return { files, rows: await new Blob(rows).arrayBuffer() };
    },
  };
}
