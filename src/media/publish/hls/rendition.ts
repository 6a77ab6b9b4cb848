import { unreachable } from "../../../core/failure.ts";
import type { LivePlaylist } from "../../../core/hls/live.ts";
import type { EncodedChunk } from "../encode/encode.protocol.ts";
import type { Commit } from "./commits.ts";
import { createCutter, type CutEvent, type Cutter, type CutReach, type Piece } from "./cut.ts";
import { createSegmentMuxer, type MuxPlan, type SegmentMuxer } from "./mux.ts";
import { addPartNamed, endNamed, endSegmentNamed, restartNamed } from "./numbering.ts";
import type { HlsFile } from "./upload.ts";

/** Turns the frames of one rung into files and playlist steps. */
export type Rendition = {
  /** Chunks in order. */
  readonly take: (chunk: EncodedChunk) => void;
  /** Begins anew, with a discontinuity, at the next segment; what is under way here is forgotten. */
  readonly restart: (from: LivePlaylist) => void;
  readonly reach: () => CutReach;
  /** Commits what is in hand up to `endSlot` as a last segment, however short, then the end. Takes nothing any more. */
  readonly end: (endSlot: number) => void;
};

/** Options of a rendition. */
export type RenditionOptions = Omit<MuxPlan, "decoderConfig"> & {
  readonly cadence: Parameters<typeof createCutter>[0];
  /** Before its names, in front of a slash; empty for none. */
  readonly folder: string;
  /** Where the numbering goes on from. */
  readonly from: LivePlaylist;
  /** How much earlier than it reached the encoder a frame was captured, ms. */
  readonly holdMs: number;
  readonly onCommit: (commit: Commit) => void;
  /** Called once at most: muxing broke down. */
  readonly onBroken: (error: unknown) => void;
};

type State = {
  cutter: Cutter;
  live: LivePlaylist;
  /** No segment may begin before a restart was numbered. */
  isFresh: boolean;
  muxer: SegmentMuxer | null;
  decoderConfig: VideoDecoderConfig | null;
  /** The configuration that the initialization section in force was made of. */
  initConfig: VideoDecoderConfig | null;
  /** Bytes of the segment so far. */
  segment: Uint8Array<ArrayBuffer>[];
  segmentSlotCount: number;
  segmentFrameCount: number;
  segmentDateMs: number;
  /** An initialization section that goes up with the next segment, where there are no parts. */
  carried: readonly HlsFile[];
  /** Another state has taken its place. */
  isDropped: boolean;
};

/** Makes a rendition. It holds a segment's bytes and needs no closing. */
export function createRendition(options: RenditionOptions): Rendition {
  let state = freshState(options, options.from);
  let tail: Promise<void> = Promise.resolve();
  const follow = async (own: State, before: Promise<void>, event: CutEvent): Promise<void> => {
    await before;
    if (own.isDropped) return;
    try {
      await handle(options, own, event);
    } catch (error) {
      // What breaks after its state was given up is nobody's loss.
      if (state !== own) return;
      own.isDropped = true;
      options.onBroken(error);
    }
  };
  const followAll = (events: readonly CutEvent[]): void => {
    for (const event of events) tail = follow(state, tail, event);
  };
  return {
    restart: (from) => {
      state.isDropped = true;
      state = { ...freshState(options, from), decoderConfig: state.decoderConfig };
    },
    take: (chunk) => {
      if (chunk.decoderConfig !== null) state.decoderConfig = chunk.decoderConfig;
      followAll(state.cutter.take(chunk));
    },
    reach: () => state.cutter.reach(),
    end: (endSlot) => followAll(state.cutter.end(endSlot)),
  };
}

function freshState({ cadence }: RenditionOptions, live: LivePlaylist): State {
  return {
    cutter: createCutter(cadence),
    live,
    isFresh: true,
    muxer: null,
    decoderConfig: null,
    initConfig: null,
    segment: [],
    segmentSlotCount: 0,
    segmentFrameCount: 0,
    segmentDateMs: 0,
    carried: [],
    isDropped: false,
  };
}

async function handle(options: RenditionOptions, state: State, event: CutEvent): Promise<void> {
  switch (event.kind) {
    case "piece":
      await addPiece(options, state, event.piece);
      break;
    case "segment-end":
      endSegment(options, state);
      break;
    case "break":
      state.isFresh = true;
      break;
    case "end":
      state.live = endNamed(state.live);
      commit(options, state, [], { frameCount: 0, mediaBytes: 0 });
      break;
    default:
      unreachable(event);
  }
}

async function addPiece(options: RenditionOptions, state: State, piece: Piece): Promise<void> {
  const init = piece.isSegmentStart ? await beginSegment(options, state, piece) : null;
  if (state.muxer === null) throw new Error("a piece came before its segment");
  const bytes = await state.muxer.add(piece);
  const files: HlsFile[] = init === null ? [] : [{ name: init, bytes: state.muxer.init() }];
  state.segment.push(bytes);
  state.segmentSlotCount += piece.slotCount;
  const frameCount = piece.samples.length;
  state.segmentFrameCount += frameCount;
  if (options.cadence.partTargetS === null) {
    state.carried = [...state.carried, ...files];
    return;
  }
  const { live, name } = addPartNamed(state.live, {
    durationS: piece.slotCount / options.fps,
    isIndependent: piece.isSegmentStart,
    isLast: state.segmentSlotCount >= options.cadence.framesPerSegment,
    programDateTimeMs: state.segmentDateMs,
  });
  state.live = live;
  commit(options, state, [...files, { name, bytes }], { frameCount, mediaBytes: bytes.byteLength });
}

/** Answers with the name of the initialization section where a new one is needed. */
async function beginSegment(options: RenditionOptions, state: State, piece: Piece): Promise<string | null> {
  const { decoderConfig } = state;
  const last = piece.samples.at(-1);
  if (decoderConfig === null || last === undefined)
    throw new Error("the encoder told no decoder configuration");
  state.muxer = await createSegmentMuxer({ codec: options.codec, fps: options.fps, decoderConfig });
  state.segment = [];
  state.segmentSlotCount = 0;
  state.segmentFrameCount = 0;
  // The latest date is the best known. The first frame may be shown from an earlier place than its own.
  const earlierMs = ((last.chunk.slot - piece.startSlot) * 1000) / options.fps;
  state.segmentDateMs = last.chunk.dateUs / 1000 - options.holdMs - earlierMs;
  const isSame = state.initConfig !== null && isSameConfig(state.initConfig, decoderConfig);
  if (!state.isFresh && isSame) return null;
  const { live, name } = restartNamed(state.live);
  state.live = live;
  state.isFresh = false;
  state.initConfig = decoderConfig;
  return name;
}

function endSegment(options: RenditionOptions, state: State): void {
  const { live, name } = endSegmentNamed(state.live, {
    durationS: state.segmentSlotCount / options.fps,
    programDateTimeMs: state.segmentDateMs,
  });
  state.live = live;
  const bytes = new Uint8Array(state.segment.reduce((sum, piece) => sum + piece.byteLength, 0));
  let offset = 0;
  for (const piece of state.segment) {
    bytes.set(piece, offset);
    offset += piece.byteLength;
  }
  state.segment = [];
  const hasParts = options.cadence.partTargetS !== null;
  const frameCount = hasParts ? 0 : state.segmentFrameCount;
  const files = [...state.carried, { name, bytes }];
  state.carried = [];
  commit(options, state, files, { frameCount, mediaBytes: hasParts ? 0 : bytes.byteLength });
}

function commit(
  { folder, onCommit }: RenditionOptions,
  { live, isDropped }: State,
  files: readonly HlsFile[],
  counts: Pick<Commit, "frameCount" | "mediaBytes">,
): void {
  if (isDropped) return;
  const prefix = folder === "" ? "" : `${folder}/`;
  onCommit({ files: files.map(({ name, bytes }) => ({ name: `${prefix}${name}`, bytes })), live, ...counts });
}

function isSameConfig(one: VideoDecoderConfig, other: VideoDecoderConfig): boolean {
  return one === other || (one.codec === other.codec && describe(one) === describe(other));
}

function describe({ description }: VideoDecoderConfig): string {
  if (description === undefined) return "";
  const bytes =
    description instanceof ArrayBuffer || description instanceof SharedArrayBuffer
      ? new Uint8Array(description)
      : new Uint8Array(description.buffer, description.byteOffset, description.byteLength);
  return bytes.join();
}
