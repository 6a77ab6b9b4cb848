import { isSoundAvcRecord } from "./avc-record.shared.ts";

/** Pictures shown to an encoder to see in what order it hands them out: more than it would hold back to predict one from. */
const pictureCount = 8;

type Seen = { readonly timestamps: number[]; isFit: boolean };

/**
 * Tells by trying whether an encoder makes what a live stream of H.264 can be made of. Firefox 153 says that it supports
 * configurations with which it does not: in the higher profiles, although told to encode in real time, pictures that are
 * predicted from later ones come after those; and the decoder configuration record that it hands out cannot be read.
 * @param config one that the browser supports
 */
export async function isFitForLive(config: VideoEncoderConfig): Promise<boolean> {
  const seen: Seen = { timestamps: [], isFit: true };
  const encoder = new VideoEncoder({
    output: ({ timestamp }, metadata) => {
      const isNext = timestamp >= (seen.timestamps.at(-1) ?? 0);
      seen.isFit &&= isNext && isReadable(config, metadata?.decoderConfig?.description);
      seen.timestamps.push(timestamp);
    },
    error: () => {
      seen.isFit = false;
    },
  });
  try {
    encoder.configure(config);
    for (let index = 0; index < pictureCount; index += 1) encodeGrey(encoder, config, index);
    await encoder.flush();
  } catch (error) {
    // An encoder that breaks down on grey pictures has said so above; any other error is this program's.
    if (seen.isFit) throw error;
  } finally {
    if (encoder.state !== "closed") encoder.close();
  }
  return seen.isFit && seen.timestamps.length > 0;
}

function isReadable({ avc }: VideoEncoderConfig, description: AllowSharedBufferSource | undefined): boolean {
  if (avc?.format === "annexb" || description === undefined) return true;
  const bytes = ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description);
  return isSoundAvcRecord(bytes);
}

function encodeGrey(
  encoder: VideoEncoder,
  { width, height, framerate = 30 }: VideoEncoderConfig,
  index: number,
): void {
  const samples = new Uint8Array((width * height * 3) / 2).fill(128);
  const timestamp = Math.round((index * 1_000_000) / framerate);
  const frame = new VideoFrame(samples, {
    format: "I420",
    codedWidth: width,
    codedHeight: height,
    timestamp,
  });
  encoder.encode(frame);
  frame.close();
}
