import type { CodecName } from "./setup.ts";

const carried: Readonly<Record<string, readonly CodecName[]>> = {
  // Players do not take VP8 in MP4.
  hls: ["h264", "vp9", "av1"],
  // RTMP and SRT targets take H.264 everywhere, and other codecs hardly anywhere.
  relay: ["h264"],
};

/** The codecs that a way out can carry; null where it is for the two ends to agree. */
export function carriedCodecs(via: string): readonly CodecName[] | null {
  return carried[via] ?? null;
}
