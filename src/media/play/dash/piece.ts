import type { ReceivedPiece } from "../../record/received.ts";

/** What dash.js says of a request that it answered; it types them as plain objects. */
type DashRequest = {
  readonly type?: unknown;
  readonly mediaType?: unknown;
  readonly url?: unknown;
  readonly range?: unknown;
  readonly startTime?: unknown;
  readonly duration?: unknown;
  readonly representation?: { readonly id?: unknown } | null;
};

function numberOr(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** What a request of dash.js brought, as a piece of the video; null for audio, text and indexes. */
export function dashPieceOf(request: object, response: ArrayBuffer): ReceivedPiece | null {
  const { type, mediaType, url, range, startTime, duration, representation } = request as DashRequest;
  const id = representation?.id;
  const isInit = type === "InitializationSegment";
  if (mediaType !== "video" || (!isInit && type !== "MediaSegment") || response.byteLength === 0) return null;
  // The query may be secret.
  const address = String(url).replace(/[?#].*$/s, "");
  return {
    role: isInit ? "init" : "media",
    rendition: `representation ${typeof id === "string" || typeof id === "number" ? id : ""}`,
    address: typeof range === "string" ? `${address}@${range}` : address,
    startS: isInit ? null : numberOr(startTime),
    durationS: isInit ? null : numberOr(duration),
    isIndependent: true,
    bytes: response.slice(0),
  };
}
