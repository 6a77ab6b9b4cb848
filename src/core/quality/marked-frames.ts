import type { DecodedFrame } from "./frame-source.ts";

/** A frame with the id its marker says, or that its neighbours leave no doubt about. */
export type IdentifiedFrame = {
  readonly frame: DecodedFrame;
  readonly runNumber: number;
  readonly frameId: number;
  /** Its own marker could not be read: the frames around it say which it is. */
  readonly isInferred: boolean;
};

/** What became of frames that are not handed on. */
export type MarkerCounts = {
  /** Neither read nor inferred. */
  readonly unreadCount: number;
  readonly inferredCount: number;
  /** The id of the frame before, or a smaller one. */
  readonly repeatedCount: number;
};

/** Frames by the ids of their markers, ids rising within a run. */
export type MarkedFrames = {
  readonly next: () => Promise<IdentifiedFrame | null>;
  readonly counts: () => MarkerCounts;
};

/** Unread frames that are held until a marker tells what they are; more are given up, for each is a whole picture. */
const heldCount = 12;

/** A pull that counts what it gives. */
export function countFrames(pull: () => Promise<DecodedFrame | null>): {
  readonly next: () => Promise<DecodedFrame | null>;
  readonly count: () => number;
} {
  let count = 0;
  return {
    next: async () => {
      const frame = await pull();
      if (frame !== null) count += 1;
      return frame;
    },
    count: () => count,
  };
}

/** Gives ids to frames in the order of display. */
export function identifyFrames(pull: () => Promise<DecodedFrame | null>): MarkedFrames {
  const ready: IdentifiedFrame[] = [];
  let held: DecodedFrame[] = [];
  let last: IdentifiedFrame | null = null;
  let unreadCount = 0;
  let inferredCount = 0;
  let repeatedCount = 0;

  function release(read: IdentifiedFrame): void {
    const isWhole =
      last !== null &&
      last.runNumber === read.runNumber &&
      read.frameId - last.frameId === read.frame.index - last.frame.index;
    for (const frame of isWhole ? held : []) {
      const frameId = read.frameId - (read.frame.index - frame.index);
      ready.push({ frame, runNumber: read.runNumber, frameId, isInferred: true });
    }
    if (isWhole) inferredCount += held.length;
    else unreadCount += held.length;
    held = [];
    const isRepeat = last !== null && last.runNumber === read.runNumber && read.frameId <= last.frameId;
    if (isRepeat) {
      repeatedCount += 1;
      return;
    }
    ready.push(read);
    last = read;
  }

  function hold(frame: DecodedFrame): void {
    held.push(frame);
    if (held.length <= heldCount) return;
    held.shift();
    unreadCount += 1;
  }

  return {
    next: async () => {
      while (ready.length === 0) {
        const frame = await pull();
        if (frame === null) {
          unreadCount += held.length;
          held = [];
          return null;
        }
        const { marker } = frame;
        if (marker === null) hold(frame);
        else release({ frame, runNumber: marker.runNumber, frameId: marker.frameId, isInferred: false });
      }
      return ready.shift() ?? null;
    },
    counts: () => ({ unreadCount, inferredCount, repeatedCount }),
  };
}

/** Whether a frame is known never to have been displayed. */
export type IsNeverShown = (frame: Pick<IdentifiedFrame, "runNumber" | "frameId">) => boolean;

/** A pull without frames that never were displayed, which are counted: no viewer saw them. */
export function takeShown(
  pull: MarkedFrames["next"],
  isNeverShown: IsNeverShown | undefined,
): { readonly next: MarkedFrames["next"]; readonly neverShownCount: () => number } {
  let neverShownCount = 0;
  return {
    next: async () => {
      for (;;) {
        const frame = await pull();
        if (frame === null || isNeverShown === undefined || !isNeverShown(frame)) return frame;
        neverShownCount += 1;
      }
    },
    neverShownCount: () => neverShownCount,
  };
}
