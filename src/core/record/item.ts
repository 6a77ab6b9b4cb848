import * as v from "valibot";

/** An encoded frame as it arrived over RTP (W3C webrtc-encoded-transform, RTCEncodedVideoFrame); its bytes are the body. */
export type FrameItem = {
  readonly kind: "frame";
  /** As the browser names it: `video/H264`. */
  readonly mimeType: string;
  readonly isKey: boolean;
  /**
   * Which of the stream's connections brought it, counted up. Each has RTP timestamps that begin anywhere (RFC 3550 section 5.1) and frames
   * that need none of another. Absent in recordings that do not tell.
   */
  readonly linkNumber?: number;
  /** 90 kHz, 32 bits, wraps. */
  readonly rtpTimestamp: number;
  /** Receiver's epoch clock. */
  readonly receivedAtUs: number;
  /** Null where the browser does not tell; it tells at least for key frames. */
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  /** Frames that arrived before this one and were let go because the disk was slower than the stream. */
  readonly skippedCount: number;
};

/** A piece of a segmented stream, byte for byte as it came over HTTP. */
export type PieceItem = {
  readonly kind: "piece";
  /** `init`: what must precede the media of this rendition; `media`: a segment, or a part of one. */
  readonly role: "init" | "media";
  /** Such as `video/mp4` or `video/mp2t`. */
  readonly mimeType: string;
  /** Which rendition it is of; pieces of another one need an init of their own. */
  readonly rendition: string;
  /** Its address, without query. */
  readonly address: string;
  /** Start on the stream's own clock, s; null where the player does not tell. */
  readonly startS: number | null;
  readonly durationS: number | null;
  /** Whether decoding can begin here, given the init: segments can, parts of one only where they say so. */
  readonly isIndependent: boolean;
  readonly receivedAtUs: number;
};

/** Observations of frames displayed meanwhile, as rows (`timeline/observation-row.ts`). */
export type RowsItem = { readonly kind: "rows"; readonly receivedAtUs: number };

/** A displayed picture's luma, raw, 8 bit, rows without padding: where no bitstream can be had. */
export type LumaItem = {
  readonly kind: "luma";
  readonly widthPx: number;
  readonly heightPx: number;
  readonly receivedAtUs: number;
};

/** One record of a part. */
export type StoredItem = FrameItem | PieceItem | RowsItem | LumaItem;

const epochUs = v.pipe(v.number(), v.safeInteger());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_384));
const words = v.pipe(v.string(), v.maxLength(2048));

/** Checks a record's head when a part is read back. */
export const storedItemSchema: v.GenericSchema<unknown, StoredItem> = v.variant("kind", [
  v.object({
    kind: v.literal("frame"),
    mimeType: words,
    isKey: v.boolean(),
    linkNumber: v.exactOptional(count),
    rtpTimestamp: count,
    receivedAtUs: epochUs,
    widthPx: v.nullable(side),
    heightPx: v.nullable(side),
    skippedCount: count,
  }),
  v.object({
    kind: v.literal("piece"),
    role: v.picklist(["init", "media"]),
    mimeType: words,
    rendition: words,
    address: words,
    startS: v.nullable(v.number()),
    durationS: v.nullable(v.number()),
    isIndependent: v.boolean(),
    receivedAtUs: epochUs,
  }),
  v.object({ kind: v.literal("rows"), receivedAtUs: epochUs }),
  v.object({ kind: v.literal("luma"), widthPx: side, heightPx: side, receivedAtUs: epochUs }),
]);
