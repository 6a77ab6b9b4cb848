import {
  AppendOnlyStreamTarget,
  EncodedPacket,
  EncodedVideoPacketSource,
  MkvOutputFormat,
  Output,
} from "mediabunny";

import type { EncodedChunk } from "../encode/encode.protocol.ts";

/** Writes frames as one endless Matroska stream, each as soon as it comes. */
export type MatroskaWriter = {
  /** In decode order, a key frame first; the frame's bytes are out when it resolves. Rejects when it cannot be written. */
  readonly add: (chunk: EncodedChunk) => Promise<void>;
};

/**
 * Makes a writer of H.264 with lengths (`avc`).
 * @param decoderConfig of the stream; says what stands in its header
 * @param onBytes called for each piece; the bytes are the callee's
 */
export async function createMatroskaWriter(
  decoderConfig: VideoDecoderConfig,
  fps: number,
  onBytes: (bytes: Uint8Array<ArrayBuffer>) => void,
): Promise<MatroskaWriter> {
  const source = new EncodedVideoPacketSource("avc");
  const output = new Output({
    target: new AppendOnlyStreamTarget(
      // The muxer uses its buffer again for the next piece.
      new WritableStream<Uint8Array>({ write: (bytes) => onBytes(bytes.slice()) }),
    ),
    format: new MkvOutputFormat({ appendOnly: true }),
  });
  output.addVideoTrack(source, { frameRate: fps });
  await output.start();
  return {
    add: async ({ data, isKey, timestampUs, durationUs }) => {
      const packet = new EncodedPacket(
        data,
        isKey ? "key" : "delta",
        timestampUs / 1_000_000,
        durationUs / 1_000_000,
      );
      await source.add(packet, { decoderConfig });
    },
  };
}
