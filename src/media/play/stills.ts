import type { Observation } from "../../core/timeline/observation.ts";

/** A small picture of a displayed frame. */
export type Still = { readonly runNumber: number; readonly frameId: number; readonly bitmap: ImageBitmap };

/** Keeps small pictures of a stream's latest frames, by frame id. Whoever made it closes it. */
export type Stills = {
  /** Every displayed frame: tells which id a picture taken before has. */
  readonly see: (observation: Observation) => void;
  /** Oldest first. */
  readonly list: () => readonly Still[];
  readonly close: () => void;
};

/** A picture is taken of every so many frame ids, the same ids in each stream, so that they can be laid side by side. */
export const stillEveryFrames = 30;
/** Pictures kept: at 30 fps, 40 s, which is how far a slow stream may be behind the control. */
const keptCount = 40;
const stillWidthPx = 320;

/** Where a stream's ids stand on its media clock. */
type Track = { readonly frameId: number; readonly runNumber: number; readonly atUs: number };

/** Guesses the id of a frame that is not read yet from those before it: `usPerFrame` apart. */
export function predictFrameId(last: Track, usPerFrame: number, atUs: number): number {
  return last.frameId + Math.round((atUs - last.atUs) / usPerFrame);
}

/**
 * Makes a keeper of pictures of what an element displays.
 * @param isWanted asked at every frame: a picture costs the page several milliseconds
 */
export function createStills(video: HTMLVideoElement, isWanted: () => boolean): Stills {
  let last: Track | null = null;
  let usPerFrame = 1e6 / 30;
  let kept: readonly Still[] = [];
  let isClosed = false;
  const taken = new Map<number, Promise<ImageBitmap | null>>();
  const keep = async (observation: Track, picture: Promise<ImageBitmap | null>): Promise<void> => {
    const bitmap = await picture;
    if (bitmap === null) return;
    if (isClosed) {
      bitmap.close();
      return;
    }
    const { runNumber, frameId } = observation;
    const same = kept.filter((still) => still.runNumber === runNumber && still.frameId !== frameId);
    const next = [...same, { runNumber, frameId, bitmap }].slice(-keptCount);
    for (const still of kept) if (!next.includes(still)) still.bitmap.close();
    kept = next;
  };
  const onFrame: VideoFrameRequestCallback = (_now, { mediaTime }) => {
    callbackId = video.requestVideoFrameCallback(onFrame);
    const atUs = Math.round(mediaTime * 1e6);
    if (!isWanted()) return;
    if (last === null || predictFrameId(last, usPerFrame, atUs) % stillEveryFrames !== 0) return;
    if (taken.size >= 4) taken.clear();
    taken.set(atUs, grab(video));
  };
  let callbackId = video.requestVideoFrameCallback(onFrame);
  return {
    see: ({ reading, presentationTimeUs: atUs }) => {
      if (!reading.read) return;
      const { runNumber, frameId } = reading.marker;
      const track: Track = { runNumber, frameId, atUs };
      if (last !== null && last.runNumber === runNumber && frameId > last.frameId && atUs > last.atUs)
        usPerFrame += ((atUs - last.atUs) / (frameId - last.frameId) - usPerFrame) / 8;
      last = track;
      const picture = taken.get(atUs);
      if (picture === undefined) return;
      taken.delete(atUs);
      void keep(track, picture);
    },
    list: () => kept,
    close: () => {
      isClosed = true;
      video.cancelVideoFrameCallback(callbackId);
      for (const { bitmap } of kept) bitmap.close();
      kept = [];
    },
  };
}

async function grab(video: HTMLVideoElement): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(video, { resizeWidth: stillWidthPx, resizeQuality: "low" });
  } catch {
    // Protected streams and those of other origins without CORS give no pictures.
    return null;
  }
}
