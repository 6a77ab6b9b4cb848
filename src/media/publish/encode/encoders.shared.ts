import { fail, succeed, type Failure, type Result } from "../../../core/failure.ts";
import { encoderConfigs } from "./codec.shared.ts";
import { createBacklogGate, createDating, type BacklogGate, type Dating } from "./dating.shared.ts";
import type { EncodeCounts, EncodedChunk, EncodePlan, EncodeRung } from "./encode.protocol.ts";
import { createGrid, type Grid } from "./grid.shared.ts";
import { isFitForLive } from "./probe.shared.ts";

/** Frames that may wait before an encoder; more, and new ones are thrown away and counted: late is worse than missing. */
export const maxWaitingCount = 4;

/** One encoder per rung, fed with the same frames. */
export type Encoders = {
  readonly codecs: readonly string[];
  /** Takes the frame over and closes it. */
  readonly take: (frame: VideoFrame, takenAtUs: number) => void;
  /** Takes no more frames; resolves when every chunk was handed out. */
  readonly finish: () => Promise<void>;
};

/** What encoders tell. */
export type EncoderHandlers = {
  readonly onChunk: (chunk: EncodedChunk, counts: EncodeCounts) => void;
  readonly onError: (error: unknown) => void;
};

type Taken = { readonly slot: number; readonly dateUs: number };

type Line = {
  readonly plan: EncodePlan;
  readonly gate: BacklogGate;
  readonly grid: Grid;
  readonly dating: Dating;
  readonly handlers: EncoderHandlers;
  readonly encoders: VideoEncoder[];
  /** By the timestamp that the encoder was given; the oldest stand first. */
  readonly taken: Map<number, Taken>;
  readonly rungCounts: { encodedCount: number; encodedBytes: number }[];
  takenCount: number;
  droppedCount: number;
  isFinishing: boolean;
};

/** Makes the encoders of a plan, or tells what this browser cannot encode. */
export async function createEncoders(plan: EncodePlan, handlers: EncoderHandlers): Promise<Result<Encoders>> {
  const configs: VideoEncoderConfig[] = [];
  for (const rung of plan.rungs) {
    const config = await firstSupported(plan, rung);
    if (config === null) return fail(unsupported(plan, rung));
    configs.push(config);
  }
  const line: Line = {
    plan,
    gate: createBacklogGate(plan.fps),
    grid: createGrid(plan.fps, plan.framesPerKey),
    dating: createDating(plan.fps),
    handlers,
    encoders: [],
    taken: new Map(),
    rungCounts: plan.rungs.map(() => ({ encodedCount: 0, encodedBytes: 0 })),
    takenCount: 0,
    droppedCount: 0,
    isFinishing: false,
  };
  for (const [rungIndex, config] of configs.entries())
    line.encoders.push(openEncoder(line, rungIndex, config));
  return succeed({
    codecs: configs.map(({ codec }) => codec),
    take: (frame, takenAtUs) => {
      try {
        if (!line.isFinishing) take(line, frame, takenAtUs);
      } finally {
        frame.close();
      }
    },
    finish: async () => {
      line.isFinishing = true;
      await Promise.all(line.encoders.map((encoder) => encoder.flush()));
    },
  });
}

async function firstSupported(plan: EncodePlan, rung: EncodeRung): Promise<VideoEncoderConfig | null> {
  for (const config of encoderConfigs(plan, rung)) {
    const { supported, config: understood } = await VideoEncoder.isConfigSupported(config);
    // A browser that does not know a member leaves it out of its answer; H.264 in another form than asked is of no use.
    if (supported !== true || understood?.avc?.format !== config.avc?.format) continue;
    if (plan.codec !== "h264" || (await isFitForLive(config))) return config;
  }
  return null;
}

function openEncoder(line: Line, rungIndex: number, config: VideoEncoderConfig): VideoEncoder {
  const encoder = new VideoEncoder({
    output: (chunk, metadata) => emit(line, rungIndex, chunk, metadata),
    error: line.handlers.onError,
  });
  encoder.configure(config);
  return encoder;
}

function take(line: Line, frame: VideoFrame, takenAtUs: number): void {
  const { grid, encoders, plan } = line;
  if (!line.gate.lets(frame.timestamp, takenAtUs)) return;
  line.takenCount += 1;
  const { slot, isKey } = grid.place(frame.timestamp);
  const dateUs = line.dating.date(slot, takenAtUs);
  // All rungs lose a frame together, so that their key frames stay aligned.
  if (encoders.some((encoder) => encoder.encodeQueueSize >= maxWaitingCount)) {
    line.droppedCount += 1;
    grid.giveBack();
    return;
  }
  const timestamp = toGridUs(slot, plan.fps);
  line.taken.set(timestamp, { slot, dateUs });
  forgetOldest(line.taken);
  const placed = new VideoFrame(frame, { timestamp });
  try {
    for (const encoder of encoders) encoder.encode(placed, { keyFrame: isKey });
  } finally {
    placed.close();
  }
}

/** An encoder that leaves frames out must not make the book of those under way grow. */
function forgetOldest(taken: Map<number, Taken>): void {
  if (taken.size <= 256) return;
  const [oldest] = taken.keys();
  if (oldest !== undefined) taken.delete(oldest);
}

function emit(
  line: Line,
  rungIndex: number,
  chunk: EncodedVideoChunk,
  metadata: EncodedVideoChunkMetadata | undefined,
): void {
  const taken = line.taken.get(chunk.timestamp);
  const counts = line.rungCounts[rungIndex];
  if (taken === undefined || counts === undefined) return;
  const data = new Uint8Array(chunk.byteLength);
  chunk.copyTo(data);
  counts.encodedCount += 1;
  counts.encodedBytes += data.byteLength;
  line.handlers.onChunk(
    {
      rungIndex,
      data,
      isKey: chunk.type === "key",
      slot: taken.slot,
      timestampUs: chunk.timestamp,
      durationUs: toGridUs(taken.slot + 1, line.plan.fps) - chunk.timestamp,
      dateUs: taken.dateUs,
      decoderConfig: metadata?.decoderConfig ?? null,
    },
    {
      takenCount: line.takenCount,
      droppedCount: line.droppedCount,
      missingCount: line.grid.missingCount(),
      rungs: line.rungCounts.map((each) => ({ ...each })),
    },
  );
}

function toGridUs(slot: number, fps: number): number {
  return Math.round((slot * 1_000_000) / fps);
}

const codecNames: Readonly<Record<EncodePlan["codec"], string>> = {
  h264: "H.264",
  vp8: "VP8",
  vp9: "VP9",
  av1: "AV1",
};

function unsupported(plan: EncodePlan, { widthPx, heightPx }: EncodeRung): Failure {
  return {
    kind: "unsupported",
    what: `This browser cannot encode ${codecNames[plan.codec]} at ${widthPx}x${heightPx}, ${plan.fps} frames per second`,
    where: "this browser's video encoders",
    next: "Choose another codec or a smaller size, or use another browser.",
  };
}
