import {
  BufferTarget,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  Output,
  StreamTarget,
  WebMOutputFormat,
  type StreamTargetChunk,
  type VideoCodec,
} from "mediabunny";

import { createReorder, type Ordered } from "../../core/record/arrival-order.ts";
import type { FrameItem } from "../../core/record/item.ts";
import { createRtpClock, rtpHz } from "../../core/record/rtp-clock.ts";
import { isSameBytes } from "../../core/same-bytes.ts";

type MuxedFile = {
  readonly blob: Blob;
  readonly frameCount: number;
  /** Frames that came too late to stand in it. */
  readonly lateCount: number;
};

/** Writes received frames into a file as they are. */
export type FrameMuxer = {
  readonly container: "video/mp4" | "video/webm";
  readonly add: (item: FrameItem, frame: Uint8Array) => Promise<void>;
  readonly finish: () => Promise<MuxedFile>;
};

type Sample = { readonly item: FrameItem; readonly frame: Uint8Array };

/** Above this a file is written in pieces, which the browser keeps outside the page's memory; it then has no index to seek by. */
const inMemoryBytes = 256 * 1024 * 1024;

/** Codec of a payload, and what it is a file of: MP4 for what all MP4 players take, WebM for the rest. */
const codecs: Readonly<
  Record<string, { readonly codec: VideoCodec; readonly config: string; readonly isMp4: boolean }>
> = {
  "video/h264": { codec: "avc", config: "avc1.42e01f", isMp4: true },
  "video/h265": { codec: "hevc", config: "hev1.1.6.L93.B0", isMp4: true },
  "video/vp8": { codec: "vp8", config: "vp8", isMp4: false },
  "video/vp9": { codec: "vp9", config: "vp09.00.31.08", isMp4: false },
  "video/av1": { codec: "av1", config: "av01.0.05M.08", isMp4: true },
};

function createOutput(isMp4: boolean, expectedBytes: number) {
  if (expectedBytes <= inMemoryBytes) {
    const target = new BufferTarget();
    const format = isMp4 ? new Mp4OutputFormat({ fastStart: "in-memory" }) : new WebMOutputFormat();
    return { output: new Output({ target, format }), blobParts: () => [target.buffer ?? new ArrayBuffer(0)] };
  }
  const pieces: Blob[] = [];
  const target = new StreamTarget(
    new WritableStream<StreamTargetChunk>({
      write: ({ data }) => {
        pieces.push(new Blob([data]));
      },
    }),
  );
  const format = isMp4
    ? new Mp4OutputFormat({ fastStart: "fragmented" })
    : new WebMOutputFormat({ appendOnly: true });
  return { output: new Output({ target, format }), blobParts: () => pieces };
}

/**
 * Makes a muxer for frames of one codec. Frames are given as they came, the first a key frame, and written in the order they were
 * sent in (`createReorder`). Times are the sender's, by RTP timestamp; over a reconnect the receiver's (`createRtpClock`).
 * @param mimeType as the browser names the codec: `video/H264`
 * @throws for a codec that WebRTC does not have
 */
export function createFrameMuxer(mimeType: string, expectedBytes: number): FrameMuxer {
  const known = codecs[mimeType.toLowerCase()];
  if (known === undefined) throw new Error(`no file format is known for ${mimeType}`);
  const { codec, config, isMp4 } = known;
  const { output, blobParts } = createOutput(isMp4, expectedBytes);
  const container = isMp4 ? "video/mp4" : "video/webm";
  const source = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(source);
  const clock = createRtpClock();
  const order = createReorder<Sample>((one, other) => isSameBytes(one.frame, other.frame));
  let sizePx: Pick<VideoDecoderConfig, "codedWidth" | "codedHeight"> = {};
  /** A packet's duration is known when the next one comes. */
  let held: (Sample & { readonly atS: number }) | null = null;
  let started: Promise<void> | null = null;
  let frameCount = 0;

  async function write(untilS: number): Promise<void> {
    if (held === null) return;
    const { item, frame, atS } = held;
    started ??= output.start();
    await started;
    const durationS = Math.max(0, untilS - atS);
    frameCount += 1;
    const packet = new EncodedPacket(frame, item.isKey ? "key" : "delta", atS, durationS);
    await source.add(packet, { decoderConfig: { codec: config, ...sizePx } });
  }

  async function hold({ at, frame: sample }: Ordered<Sample>): Promise<void> {
    const { widthPx, heightPx } = sample.item;
    const atS = at / rtpHz;
    await write(atS);
    if (widthPx !== null && heightPx !== null) sizePx = { codedWidth: widthPx, codedHeight: heightPx };
    held = { ...sample, atS };
  }

  return {
    container,
    add: async (item, frame) => {
      const { receivedAtUs } = item;
      const sample = { item, frame: frame.slice() };
      for (const next of order.push({ at: clock(item), receivedAtUs, frame: sample })) await hold(next);
    },
    finish: async () => {
      for (const next of order.end()) await hold(next);
      if (held !== null) await write(held.atS + 1 / 30);
      await output.finalize();
      const blob = new Blob(blobParts(), { type: container });
      return { blob, frameCount, lateCount: order.lateCount() };
    },
  };
}
