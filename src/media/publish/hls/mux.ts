import { EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, NullTarget, Output } from "mediabunny";

import type { CodecName } from "../../../core/wire/setup.ts";
import type { Piece } from "./cut.ts";

/** Codecs that MP4 players take, by the muxer's names. */
const muxerCodecs: Readonly<Record<Exclude<CodecName, "vp8">, "avc" | "vp9" | "av1">> = {
  h264: "avc",
  vp9: "vp9",
  av1: "av1",
};

/** What a muxer needs to know of the frames. */
export type MuxPlan = {
  readonly codec: Exclude<CodecName, "vp8">;
  readonly fps: number;
  readonly decoderConfig: VideoDecoderConfig;
};

/** Writes one segment as CMAF chunks (ISO/IEC 23000-19): each piece is a `moof` and an `mdat`. */
export type SegmentMuxer = {
  /** Writes the segment's next piece; the first begins with a key frame. One call at a time. */
  readonly add: (piece: Piece) => Promise<Uint8Array<ArrayBuffer>>;
  /** The initialization section (`ftyp` and `moov`), known after the first piece. The same for every segment of one plan. */
  readonly init: () => Uint8Array<ArrayBuffer>;
};

/**
 * The muxer's own way to end a fragment where it is asked to, which its HLS output uses; its public options end fragments at
 * key frames alone.
 */
type FragmentControl = { readonly forceFragmentFinalization: () => Promise<void> };

/** Makes a muxer for one segment. It holds memory alone and needs no closing. */
export async function createSegmentMuxer({ codec, fps, decoderConfig }: MuxPlan): Promise<SegmentMuxer> {
  const header: Uint8Array[] = [];
  let boxes: Uint8Array[] = [];
  const source = new EncodedVideoPacketSource(muxerCodecs[codec]);
  const output = new Output({
    target: new NullTarget(),
    format: new Mp4OutputFormat({
      fastStart: "fragmented",
      minimumFragmentDuration: Number.POSITIVE_INFINITY,
      onFtyp: (data) => header.push(data.slice()),
      onMoov: (data) => header.push(data.slice()),
      onMoof: (data) => boxes.push(data.slice()),
      onMdat: (data) => boxes.push(data.slice()),
    }),
  });
  output.addVideoTrack(source, { frameRate: fps });
  await output.start();
  const control = fragmentControlOf(output);
  return {
    init: () => join(header),
    add: async (piece) => {
      for (const { chunk, startSlot, slotCount } of piece.samples) {
        const type = chunk.isKey ? "key" : "delta";
        const packet = new EncodedPacket(chunk.data, type, startSlot / fps, slotCount / fps);
        await source.add(packet, { decoderConfig });
      }
      await control.forceFragmentFinalization();
      const written = join(boxes);
      boxes = [];
      return written;
    },
  };
}

function fragmentControlOf(output: Output): FragmentControl {
  const { _muxer: muxer } = output as unknown as { readonly _muxer?: Partial<FragmentControl> };
  if (typeof muxer?.forceFragmentFinalization !== "function") {
    throw new Error("this version of the muxer cannot end a fragment where it is asked to");
  }
  return muxer as FragmentControl;
}

function join(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.byteLength;
  }
  return whole;
}
