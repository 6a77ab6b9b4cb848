import type { Fragment, LoaderContext, Part } from "hls.js";

import type { ReceivedPiece } from "../../record/received.ts";

/** A media request of hls.js knows what it is for. */
type MediaContext = LoaderContext & { readonly frag?: Fragment; readonly part?: Part | null };

/** An address without query and fragment: what may be secret stands there. */
function plainAddress(address: string): string {
  return address.replace(/[?#].*$/s, "");
}

/** Whether a request was for the video, and in the clear: encrypted media plays nowhere as it came. */
function isClearVideo(context: MediaContext): context is MediaContext & { readonly frag: Fragment } {
  const { frag } = context;
  // Keys come with a fragment too, but are not asked for as media.
  return frag !== undefined && !("keyInfo" in context) && (frag.type as string) === "main" && !frag.encrypted;
}

function addressOf({ url, rangeStart = 0, rangeEnd }: LoaderContext): string {
  return rangeEnd === undefined ? plainAddress(url) : `${plainAddress(url)}@${rangeStart}-${rangeEnd - 1}`;
}

/** What names a rendition: its level, and the init that its media needs. */
function renditionOf(frag: Fragment): string {
  const init = frag.sn === "initSegment" ? frag.url : frag.initSegment?.url;
  return `level ${frag.level} ${plainAddress(init ?? "")}`;
}

/** What a request of hls.js brought, as a piece of the video; null for keys, audio, subtitles and what is encrypted. */
export function pieceOf(context: LoaderContext, bytes: Uint8Array<ArrayBuffer>): ReceivedPiece | null {
  const media = context as MediaContext;
  if (!isClearVideo(media)) return null;
  const { frag } = media;
  const part = media.part ?? null;
  const named = { rendition: renditionOf(frag), address: addressOf(media), bytes: bytes.slice().buffer };
  if (frag.sn === "initSegment")
    return { ...named, role: "init", startS: null, durationS: null, isIndependent: true };
  return {
    ...named,
    role: "media",
    startS: (part ?? frag).start,
    durationS: (part ?? frag).duration,
    isIndependent: part === null || part.index === 0 || part.independent,
  };
}
