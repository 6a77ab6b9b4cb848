import type { PictureRect, PictureSize } from "../../core/marker/layout.ts";
import { refineCorners } from "../../core/marker/lock.ts";
import { readPayload, type PayloadReading } from "../../core/marker/payload.ts";
import { cornersWithin, mapCorners, type MarkerCorners } from "../../core/marker/projection.ts";
import {
  afterLook,
  cornersIn,
  expectedCorners,
  enlargementFor,
  leastContrastLuma,
  lostTracking,
  maySearch,
  reductionFor,
  regionOf,
  type Tracking,
} from "../../core/marker/region.ts";
import type { LumaPlane } from "../../core/marker/sample.kernel.ts";
import { enlarge, reduce } from "../../core/marker/scale.kernel.ts";
import type { MarkerReading, UnreadReason } from "../../core/timeline/observation.ts";
import type { Finder, FoundCode } from "./find.shared.ts";
import { readAt, type TrackReading } from "./track.shared.ts";

/** A picture whose luma can be had in part. */
export type Picture = PictureSize & {
  /** The luma of a part (even numbers, inside the picture); valid until asked again. */
  readonly luma: (part: PictureRect) => Promise<LumaPlane>;
};

/** Reads the markers of successive pictures of one stream, remembering where the last one was. */
export type MarkerReader = {
  /** One at a time, in order. Rejects only where the picture's luma cannot be had. */
  readonly read: (picture: Picture) => Promise<MarkerReading>;
  /** Where the marker was last, in px of the picture read last; null while it is lost. */
  readonly place: () => MarkerCorners | null;
};

/** What a marker reader is made of. */
export type MarkerReaderParts = {
  /** Null while the search's WebAssembly is not loaded yet: then nothing is tried until it is. */
  readonly find: () => Finder | null;
  /** Any monotonic clock, ms; bounds the cost of searching. */
  readonly nowMs: () => number;
};

/** First step when a place is fitted: after a search it may be half a module wrong; in a moving picture about one. */
const refitReach = 0.5;

type Road = "tracked" | "found" | "rescued";

/** What looking somewhere came to. `corners` is null where no marker of ours was seen. */
type Outcome = {
  readonly reading: MarkerReading;
  readonly corners: MarkerCorners | null;
  readonly fitLuma: number;
};

type Held = Extract<Tracking, { kind: "held" }>;

const nothingSeen: Outcome = { reading: { read: false, why: "absent" }, corners: null, fitLuma: 0 };

function whyUnread(payload: PayloadReading | null, isThere: boolean): UnreadReason {
  if (payload?.kind === "foreign") return "foreign";
  return payload?.kind === "broken" || isThere ? "broken" : "absent";
}

function toOutcome(look: TrackReading, by: Road, corners: MarkerCorners): Outcome {
  const { payload, contrastLuma: fitLuma } = look;
  if (payload?.kind === "marker") {
    return { reading: { read: true, marker: payload.marker, by }, corners, fitLuma };
  }
  const isThere = fitLuma >= leastContrastLuma;
  return {
    reading: { read: false, why: whyUnread(payload, isThere) },
    corners: isThere ? corners : null,
    fitLuma,
  };
}

/** Fits a place and reads there. */
function readRefitted(plane: LumaPlane, corners: MarkerCorners, by: Road): Outcome {
  const lock = refineCorners(plane, corners, refitReach);
  return toOutcome(readAt(plane, lock.corners), by, lock.corners);
}

/** Of two outcomes the one that tells more: a marker, else a marker seen, else a QR that is not ours. */
function better(one: Outcome, other: Outcome): Outcome {
  const rank = ({ reading }: Outcome): number =>
    reading.read ? 3 : reading.why === "broken" ? 2 : reading.why === "foreign" ? 1 : 0;
  return rank(other) > rank(one) ? other : one;
}

/** What one code that the search found comes to; its place is fitted, so that the next picture can be read there. */
function outcomeOf(code: FoundCode, plane: LumaPlane, by: Road): Outcome {
  const payload = code.text === null ? null : readPayload(code.text);
  if (payload?.kind === "foreign") return { ...nothingSeen, reading: { read: false, why: "foreign" } };
  const fitted = readRefitted(plane, code.corners, by);
  if (fitted.reading.read || payload === null) return fitted;
  if (payload.kind === "broken")
    return better(fitted, { ...fitted, reading: { read: false, why: "broken" } });
  return {
    reading: { read: true, marker: payload.marker, by },
    corners: code.corners,
    fitLuma: Math.max(fitted.fitLuma, leastContrastLuma),
  };
}

/** Searches a plane that was scaled by `scale`, and looks at what is found in the plane itself. */
function searchPlane(find: Finder, plane: LumaPlane, scaled: LumaPlane, scale: number, by: Road): Outcome {
  let best = nothingSeen;
  for (const code of find(scaled)) {
    const corners = mapCorners(code.corners, ({ xPx, yPx }) => ({ xPx: xPx / scale, yPx: yPx / scale }));
    best = better(best, outcomeOf({ text: code.text, corners }, plane, by));
    if (best.reading.read) break;
  }
  return best;
}

/** Moves an outcome from a part of the picture into the picture. */
function fromPart(outcome: Outcome, part: PictureRect): Outcome {
  if (outcome.corners === null) return outcome;
  return { ...outcome, corners: cornersWithin(outcome.corners, -part.xPx, -part.yPx) };
}

/** Looks at the held place, and if need be about it. */
async function readHeld(
  held: Held,
  picture: Picture,
  find: Finder,
): Promise<{ readonly outcome: Outcome; readonly isSearchDue: boolean }> {
  const corners = cornersIn(held, picture);
  const part = regionOf(corners, picture);
  if (part === null) return { outcome: nothingSeen, isSearchDue: true };
  const plane = await picture.luma(part);
  const within = cornersWithin(corners, part.xPx, part.yPx);
  const look = readAt(plane, within);
  const first = toOutcome(look, "tracked", within);
  const step = afterLook(held, { isRead: first.reading.read, contrastLuma: look.contrastLuma });
  if (step === "done") return { outcome: fromPart(first, part), isSearchDue: false };
  const refitted = readRefitted(plane, within, "tracked");
  if (step === "refit") {
    return { outcome: fromPart({ ...refitted, reading: first.reading }, part), isSearchDue: false };
  }
  let outcome = better(first, refitted);
  if (!outcome.reading.read) {
    const factor = enlargementFor(corners);
    const scaled = factor === 1 ? plane : enlarge(plane, factor);
    outcome = better(outcome, searchPlane(find, plane, scaled, factor, "rescued"));
  }
  return {
    outcome: fromPart(outcome, part),
    isSearchDue: step === "search" && !outcome.reading.read,
  };
}

function evenDown(px: number): number {
  return px - (px % 2);
}

/** Looks where a sender of ours draws its marker. Fitting can make a marker out of any pattern, so only one that is read counts. */
async function readExpected(picture: Picture): Promise<Outcome> {
  const corners = expectedCorners(picture);
  const part = regionOf(corners, picture);
  if (part === null) return nothingSeen;
  const plane = await picture.luma(part);
  const outcome = readRefitted(plane, cornersWithin(corners, part.xPx, part.yPx), "found");
  return outcome.reading.read ? fromPart(outcome, part) : nothingSeen;
}

async function searchPicture(picture: Picture, find: Finder): Promise<Outcome> {
  const { widthPx, heightPx } = picture;
  const plane = await picture.luma({
    xPx: 0,
    yPx: 0,
    widthPx: evenDown(widthPx),
    heightPx: evenDown(heightPx),
  });
  const factor = reductionFor(picture);
  const scaled = factor === 1 ? plane : reduce(plane, factor);
  return searchPlane(find, plane, scaled, 1 / factor, "found");
}

/** What is held after a picture: a place where a marker was seen; else the old one, since one bad picture proves nothing. */
function holdAfter(tracking: Tracking, outcome: Outcome, picture: Picture): Tracking {
  const missCount = outcome.reading.read || tracking.kind === "lost" ? 0 : tracking.missCount + 1;
  if (outcome.corners === null) {
    return tracking.kind === "lost" ? tracking : { ...tracking, missCount };
  }
  return {
    kind: "held",
    corners: outcome.corners,
    picture: { widthPx: picture.widthPx, heightPx: picture.heightPx },
    fitLuma: outcome.fitLuma,
    missCount,
  };
}

/** Makes a reader of successive pictures. It owns no memory outside and needs no closing. */
export function createMarkerReader(parts: MarkerReaderParts): MarkerReader {
  let tracking: Tracking = lostTracking;
  let lastSearchEndMs: number | null = null;
  let lastSearchCostMs = 0;

  async function search(picture: Picture, find: Finder): Promise<Outcome> {
    const startMs = parts.nowMs();
    const outcome = await searchPicture(picture, find);
    lastSearchEndMs = parts.nowMs();
    lastSearchCostMs = lastSearchEndMs - startMs;
    return outcome;
  }

  async function read(picture: Picture): Promise<MarkerReading> {
    const find = parts.find();
    if (find === null) return { read: false, why: "busy" };
    let outcome = nothingSeen;
    let isSearchDue = true;
    if (tracking.kind === "held") ({ outcome, isSearchDue } = await readHeld(tracking, picture, find));
    if (isSearchDue) outcome = better(outcome, await readExpected(picture));
    const isSought = isSearchDue && !outcome.reading.read;
    if (isSought && maySearch(parts.nowMs(), lastSearchEndMs, lastSearchCostMs)) {
      outcome = better(outcome, await search(picture, find));
    }
    tracking = holdAfter(tracking, outcome, picture);
    return outcome.reading;
  }

  return { read, place: () => (tracking.kind === "held" ? tracking.corners : null) };
}
