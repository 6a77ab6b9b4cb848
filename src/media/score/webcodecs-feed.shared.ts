import { ALL_FORMATS, BlobSource, EncodedPacketSink, Input, type InputVideoTrack } from "mediabunny";

import { reason } from "../../core/failure.ts";
import type { PictureSize } from "../../core/marker/layout.ts";
import type { LumaPlane } from "../../core/marker/sample.kernel.ts";
import { refuseSize, type ColourMatrix, type VideoFacts } from "../../core/quality/video-facts.ts";
import { createChange, type FeedVideo, type LumaFeed } from "./feed.shared.ts";

/** ffmpeg's names of what browsers decode. */
const codecNames: Readonly<Record<string, string>> = {
  avc: "h264",
  hevc: "hevc",
  vp8: "vp8",
  vp9: "vp9",
  av1: "av1",
};

/**
 * ffmpeg's names of formats whose first plane is luma of 8 bit, as coded; NV12 holds what yuv420p holds. I444 is not among them: it may hold
 * green, blue and red, and Chromium 156 does not tell so by the frame's `colorSpace`.
 */
const exactFormats: Readonly<Record<string, string>> = {
  I420: "yuv420p",
  I420A: "yuva420p",
  NV12: "yuv420p",
  I422: "yuv422p",
};

const matrixNames: Readonly<Record<string, ColourMatrix>> = { bt709: "bt709", "bt2020-ncl": "bt2020" };

function matrixOf({ matrix }: VideoColorSpace): VideoFacts["matrix"] {
  return matrix === "rgb" ? matrix : (matrixNames[matrix ?? ""] ?? "bt601");
}

/** Frames and packets that wait on either side of the decoder. */
const waitingCount = 4;

function visibleSize(frame: VideoFrame): PictureSize {
  const rect = frame.visibleRect;
  return rect === null
    ? { widthPx: frame.codedWidth, heightPx: frame.codedHeight }
    : { widthPx: rect.width, heightPx: rect.height };
}

/** The luma as it was decoded, without any conversion. Rejects where the browser hands out converted pictures. */
async function copyLuma(frame: VideoFrame): Promise<LumaPlane> {
  if (exactFormats[frame.format ?? ""] === undefined)
    throw new Error(`frames come as ${frame.format ?? "no format"}`);
  const { widthPx, heightPx } = visibleSize(frame);
  const bytes = new Uint8Array(frame.allocationSize());
  const [layout] = await frame.copyTo(bytes);
  if (layout === undefined) throw new Error("the browser copied no plane");
  const { offset, stride } = layout;
  const data = bytes.slice(offset, offset + stride * (heightPx - 1) + widthPx);
  return { data, widthPx, heightPx, strideBytes: stride };
}

type OpenTrack = { readonly track: InputVideoTrack; readonly config: VideoDecoderConfig };

/** Feeds a decoder packet by packet and hands its frames out one by one. */
function decodeFrames({ track, config }: OpenTrack): {
  readonly next: () => Promise<VideoFrame | null>;
  readonly close: () => void;
} {
  const frames: VideoFrame[] = [];
  const change = createChange();
  let isDone = false;
  let broken: Error | null = null;
  const stop = (why: unknown): void => {
    broken ??= why === null ? null : new Error(reason(why));
    isDone = true;
    change.happened();
  };
  const decoder = new VideoDecoder({
    output: (frame) => {
      // What lies before the start is decoded for the sake of others, and not shown.
      if (frame.timestamp < 0 || isDone) frame.close();
      else frames.push(frame);
      change.happened();
    },
    error: stop,
  });
  decoder.ondequeue = change.happened;
  const isHungry = (): boolean =>
    isDone || (decoder.decodeQueueSize < waitingCount && frames.length < waitingCount);
  const pump = async (): Promise<void> => {
    decoder.configure(config);
    for await (const packet of new EncodedPacketSink(track).packets()) {
      await change.until(isHungry);
      if (isDone) return;
      decoder.decode(packet.toEncodedVideoChunk());
    }
    await decoder.flush();
    stop(null);
  };
  pump().catch(stop);
  return {
    next: async () => {
      await change.until(() => frames.length > 0 || isDone);
      const frame = frames.shift() ?? null;
      change.happened();
      if (frame === null && broken !== null) throw broken;
      return frame;
    },
    close: () => {
      stop(null);
      for (const frame of frames.splice(0)) frame.close();
      if (decoder.state !== "closed") decoder.close();
    },
  };
}

async function openTrack(input: Input): Promise<OpenTrack | null> {
  const track = await input.getPrimaryVideoTrack();
  const config = await track?.getDecoderConfig();
  if (track === null || config === null || config === undefined) return null;
  const exact = { ...config, hardwareAcceleration: "prefer-software" } as const;
  for (const tried of [exact, config]) {
    const { supported } = await VideoDecoder.isConfigSupported(tried);
    if (supported === true) return { track, config: tried };
  }
  return null;
}

async function factsOf({ track }: OpenTrack, frame: VideoFrame): Promise<VideoFacts | null> {
  const pixelFormat = exactFormats[frame.format ?? ""];
  const rotation = await track.getRotation();
  const matrix = matrixOf(frame.colorSpace);
  // ffmpeg turns pictures; and only it knows what to make of other formats.
  if (pixelFormat === undefined || rotation !== 0 || matrix === "rgb") return null;
  const { averagePacketRate } = await track.computePacketStats(200);
  const durationS = (await track.getDurationFromMetadata()) ?? null;
  const codec = (await track.getCodec()) ?? "";
  const hasRate = Number.isFinite(averagePacketRate) && averagePacketRate > 0;
  return {
    ...visibleSize(frame),
    codec: codecNames[codec] ?? codec,
    pixelFormat,
    isFullRange: frame.colorSpace.fullRange === true,
    matrix,
    rotationDegrees: 0,
    frameRateFps: hasRate ? averagePacketRate : null,
    durationS,
    frameCount:
      durationS === null || !hasRate ? null : Math.max(1, Math.round(durationS * averagePacketRate)),
    streamIndex: 0,
  };
}

function toFeed(opened: OpenTrack): LumaFeed & { readonly close: () => void } {
  const frames = decodeFrames(opened);
  return {
    next: async () => {
      const frame = await frames.next();
      if (frame === null) return null;
      try {
        return await copyLuma(frame);
      } finally {
        frame.close();
      }
    },
    complaints: () => [],
    close: frames.close,
  };
}

/** The first frame, decoded to see how this browser hands frames out. */
async function lookAt(opened: OpenTrack): Promise<VideoFacts | null> {
  const frames = decodeFrames(opened);
  const frame = await frames.next();
  try {
    if (frame === null) return null;
    const facts = await factsOf(opened, frame);
    return facts !== null && refuseSize(facts, "").ok ? facts : null;
  } finally {
    frame?.close();
    frames.close();
  }
}

/**
 * Opens a video with the browser's own decoder, in software where it has one. Null where it cannot decode it, or not to the bit: unknown
 * container or codec, turned pictures, frames of more than 8 bit or converted ones. May reject for the same reasons.
 */
export async function openWithWebCodecs(file: File): Promise<FeedVideo | null> {
  if (!("VideoDecoder" in globalThis)) return null;
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  const opened = await openTrack(input);
  const facts = opened === null ? null : await lookAt(opened);
  if (opened === null || facts === null) {
    input.dispose();
    return null;
  }
  let feed: ReturnType<typeof toFeed> | null = null;
  return {
    facts,
    decoder: `WebCodecs (${facts.codec})`,
    decode: () => {
      feed = toFeed(opened);
      return feed;
    },
    close: () => {
      feed?.close();
      input.dispose();
    },
  };
}
