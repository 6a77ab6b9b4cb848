import type { Fragment, LoaderContext, Part } from "hls.js";

import type { ReceivedPiece } from "../../record/received.ts";

/** A media request of hls.js knows what it is for. */
type MediaContext = LoaderContext & { readonly frag?: Fragment; readonly part?: Part | null };

/** An address without query and fragment: what may be secret stands there. */
export function plainAddress(address: string): string {
  return address.replace(/[?#].*$/s, "");
}

/**
 * What a request of hls.js brought, as a piece of the video; null for keys, audio and subtitles, and for encrypted media, which
 * plays nowhere as it came.
 */
export function pieceOf(context: LoaderContext, bytes: Uint8Array<ArrayBuffer>): ReceivedPiece | null {
  const { frag, part = null, url, rangeStart, rangeEnd } = context as MediaContext;
  // Keys come with a fragment too, but without being asked for as media.
  if (frag === undefined || "keyInfo" in context || String(frag.type) !== "main" || frag.encrypted)
    return null;
  const isInit = frag.sn === "initSegment";
  const range = rangeEnd === undefined ? "" : `@${rangeStart ?? 0}-${rangeEnd - 1}`;
  return {
    role: isInit ? "init" : "media",
    // An init belongs to a level; a level's init may change at a discontinuity, and then parts begin anew.
    rendition: `level ${frag.level} ${isInit ? plainAddress(frag.url) : plainAddress(frag.initSegment?.url ?? "")}`,
    address: `${plainAddress(url)}${range}`,
    startS: isInit ? null : (part?.start ?? frag.start),
    durationS: isInit ? null : (part?.duration ?? frag.duration),
    isIndependent: part === null || part.index === 0 || part.independent,
    bytes: bytes.slice().buffer,
  };
}
