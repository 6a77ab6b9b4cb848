import type { DecodedFrame, FrameSource } from "./frame-source.ts";
import {
  identifyFrames,
  type IdentifiedFrame,
  type IsNeverShown,
  type MarkerCounts,
  takeShown,
} from "./marked-frames.ts";

/** How received frames find their references. */
export type Alignment =
  /** By marker where both videos show markers, else by index. */
  | { readonly kind: "auto" }
  | { readonly kind: "marker" }
  /** Received frame i goes with reference frame i + offset. */
  | { readonly kind: "index"; readonly offset: number };

/** A reference frame with what was received for it; null where it never was. */
export type Pair = {
  readonly reference: DecodedFrame;
  readonly received: DecodedFrame | null;
  /** By its marker; null where frames are paired by index. */
  readonly frameId: number | null;
};

/** How the frames were paired, and what was left over. */
export type PairingFacts = {
  readonly by: "marker" | "index";
  readonly offset: number;
  /** Received frames whose id no reference has, or that lie outside of the reference. */
  readonly strangerCount: number;
  /** Received frames that never were displayed; 0 where frames are paired by index, which does not tell which they are. */
  readonly neverShownCount: number;
  /** The reference has frames after the last received one. */
  readonly goesOn: boolean;
  /** Of the received frames; zeros where they were paired by index. */
  readonly markers: MarkerCounts;
};

/** Pairs in the order of the reference. */
export type Pairs = {
  readonly next: () => Promise<Pair | null>;
  readonly facts: () => PairingFacts;
};

type Pull = () => Promise<DecodedFrame | null>;

/** Frames at the start that are looked at to see whether a video shows markers. */
const lookCount = 10;
const noMarkers: MarkerCounts = { unreadCount: 0, inferredCount: 0, repeatedCount: 0 };

/** Looks at the first frames without losing them. */
async function look(source: FrameSource): Promise<{ readonly isMarked: boolean; readonly pull: Pull }> {
  const seen: DecodedFrame[] = [];
  while (seen.length < lookCount) {
    const frame = await source.next();
    if (frame === null) break;
    seen.push(frame);
    if (frame.marker !== null) break;
  }
  const isMarked = seen.some(({ marker }) => marker !== null);
  return { isMarked, pull: async () => seen.shift() ?? source.next() };
}

/** Hands pairs on until nothing more was received, and one reference after that: motion is measured against it. */
function endWithReceived(
  next: () => Promise<Pair | null>,
  isOver: () => boolean,
  facts: () => Omit<PairingFacts, "goesOn">,
): Pairs {
  let isLast = false;
  return {
    next: async () => {
      if (isLast) return null;
      const pair = await next();
      isLast = pair !== null && pair.received === null && isOver();
      return pair;
    },
    facts: () => ({ ...facts(), goesOn: isLast }),
  };
}

function pairByIndex(reference: Pull, received: Pull, offset: number): Pairs {
  let madeCount = 0;
  let isOver = false;
  let strangerCount = 0;
  const pull = async (): Promise<DecodedFrame | null> => {
    if (isOver) return null;
    const frame = await received();
    isOver = frame === null;
    return frame;
  };
  const next = async (): Promise<Pair | null> => {
    for (; strangerCount < -offset; strangerCount += 1) if ((await pull()) === null) break;
    const made = await reference();
    if (made === null) {
      while ((await pull()) !== null) strangerCount += 1;
      return null;
    }
    madeCount += 1;
    return { reference: made, received: madeCount > offset ? await pull() : null, frameId: null };
  };
  return endWithReceived(
    next,
    () => isOver,
    () => ({ by: "index", offset, strangerCount, neverShownCount: 0, markers: noMarkers }),
  );
}

function pairByMarker(reference: Pull, received: Pull, isNeverShown?: IsNeverShown): Pairs {
  const made = identifyFrames(reference);
  const identified = identifyFrames(received);
  const got = takeShown(identified.next, isNeverShown);
  let waiting: IdentifiedFrame | null = null;
  let isBegun = false;
  let strangerCount = 0;

  /** The received frame of this id, if it is there. */
  async function receivedFor({ runNumber, frameId }: IdentifiedFrame): Promise<DecodedFrame | null> {
    while (waiting !== null && (waiting.runNumber !== runNumber || waiting.frameId < frameId)) {
      strangerCount += 1;
      waiting = await got.next();
    }
    if (waiting === null || waiting.frameId !== frameId) return null;
    const { frame } = waiting;
    waiting = await got.next();
    return frame;
  }

  const next = async (): Promise<Pair | null> => {
    if (!isBegun) waiting = await got.next();
    isBegun = true;
    const frame = await made.next();
    if (frame === null) {
      for (; waiting !== null; waiting = await got.next()) strangerCount += 1;
      return null;
    }
    return { reference: frame.frame, received: await receivedFor(frame), frameId: frame.frameId };
  };

  return endWithReceived(
    next,
    () => waiting === null,
    () => ({
      by: "marker",
      offset: 0,
      strangerCount,
      neverShownCount: got.neverShownCount(),
      markers: identified.counts(),
    }),
  );
}

/** Pairs the frames of two videos, each pulled once and in order. */
export async function pairFrames(
  reference: FrameSource,
  received: FrameSource,
  alignment: Alignment,
  isNeverShown?: IsNeverShown,
): Promise<Pairs> {
  if (alignment.kind === "index") return pairByIndex(reference.next, received.next, alignment.offset);
  if (alignment.kind === "marker") return pairByMarker(reference.next, received.next, isNeverShown);
  const [made, got] = await Promise.all([look(reference), look(received)]);
  const isMarked = made.isMarked && got.isMarked;
  return isMarked ? pairByMarker(made.pull, got.pull, isNeverShown) : pairByIndex(made.pull, got.pull, 0);
}
