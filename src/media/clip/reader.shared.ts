import {
  ALL_FORMATS,
  BlobSource,
  EncodedPacketSink,
  Input,
  VideoSampleSink,
  type InputVideoTrack,
  type VideoSample,
} from "mediabunny";

import type { ClipTimes } from "../../core/clip/clip.ts";
import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";
import { readPicture, type ReadPicture } from "./picture.shared.ts";

/** Pictures of a video file by their instants. One call at a time. Whoever opened it closes it. */
export type ClipReader = ClipTimes & {
  /**
   * The picture that the file shows at an instant of its own clock, and when it began to be shown. Successive instants decode each
   * picture once; others begin at the key frame before. Rejects where the file is damaged there.
   */
  readonly pictureAt: (atUs: number) => Promise<ReadPicture & { readonly shownAtUs: number }>;
  readonly close: () => void;
};

/** A jump ahead that is longer is worth a look for a key frame on the way, us. */
const jumpUs = 500_000;

function unreadable(where: string, cause: string): Failure {
  return {
    kind: "refused-input",
    what: "Decoding the video file picture by picture",
    where,
    next: "Choose a video this browser can decode: H.264 in MP4 and VP9 in WebM are in most.",
    cause,
  };
}

const toUs = (seconds: number): number => Math.round(seconds * 1_000_000);

/** Decodes on from wherever it stands, or anew from a key frame. Holds two decoded pictures at most. */
function createWalk(track: InputVideoTrack) {
  const samples = new VideoSampleSink(track);
  const packets = new EncodedPacketSink(track);
  let run: AsyncGenerator<VideoSample, void> | null = null;
  let shown: VideoSample | null = null;
  let next: VideoSample | null = null;
  const pull = async (): Promise<VideoSample | null> => (await run?.next())?.value ?? null;

  async function restart(atUs: number): Promise<void> {
    close();
    // A microsecond's rounding must not have it begin with the picture before.
    run = samples.samples(atUs / 1_000_000);
    shown = await pull();
    next = await pull();
  }

  async function isFar(atUs: number): Promise<boolean> {
    if (shown === null || atUs < toUs(shown.timestamp)) return true;
    if (atUs - toUs(shown.timestamp) < jumpUs) return false;
    const key = await packets.getKeyPacket(atUs / 1_000_000, { metadataOnly: true });
    return key !== null && toUs(key.timestamp) > toUs((next ?? shown).timestamp);
  }

  function close(): void {
    void run?.return();
    shown?.close();
    next?.close();
    run = null;
    shown = null;
    next = null;
  }

  return {
    close,
    at: async (atUs: number): Promise<VideoSample> => {
      if (await isFar(atUs)) await restart(atUs);
      while (next !== null && toUs(next.timestamp) <= atUs) {
        shown?.close();
        shown = next;
        next = await pull();
      }
      if (shown === null) throw new Error(`the file has no picture at ${atUs} us`);
      return shown;
    },
  };
}

async function readSample(sample: VideoSample): Promise<ReadPicture> {
  const frame = sample.toVideoFrame();
  try {
    const shown = { widthPx: sample.displayWidth, heightPx: sample.displayHeight };
    return await readPicture(frame, { rotationDegrees: sample.rotation, shown });
  } finally {
    frame.close();
  }
}

/** Opens a video file to be decoded picture by picture (W3C WebCodecs); refuses what this browser cannot decode so. */
export async function openClip(file: File): Promise<Result<ClipReader>> {
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  try {
    const track = await input.getPrimaryVideoTrack();
    if (track === null) throw new Error("there is no video in it");
    if (!(await track.canDecode())) throw new Error("this browser has no decoder for it");
    const [startS, endS] = [await track.getFirstTimestamp(), await track.computeDuration()];
    const startUs = Math.max(0, toUs(startS));
    const walk = createWalk(track);
    await walk.at(startUs);
    return succeed({
      startUs,
      lengthUs: Math.max(1, toUs(endS) - startUs),
      pictureAt: async (atUs) => {
        const sample = await walk.at(atUs);
        return { ...(await readSample(sample)), shownAtUs: toUs(sample.timestamp) };
      },
      close: () => {
        walk.close();
        input.dispose();
      },
    });
  } catch (error) {
    input.dispose();
    return fail(unreadable(file.name, reason(error)));
  }
}
