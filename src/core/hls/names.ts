/**
 * Names of the files of one rendition. They carry the discontinuity and media sequence numbers and no wall clock:
 * a publisher that begins again after a discontinuity never reuses a name whose bytes a cache may still hold.
 */

/** Name of the playlist that players are sent to, at the top of a stream. */
export const topPlaylistName = "index.m3u8";

/** Name of the initialization section in force since a discontinuity. */
export function initName(discontinuity: number): string {
  return `init-${discontinuity}.mp4`;
}

/** Name of a complete segment. */
export function segmentName(discontinuity: number, msn: number): string {
  return `seg-${discontinuity}-${msn}.m4s`;
}

/** Name of a part, `part` counting from 0 within its segment. */
export function partName(discontinuity: number, msn: number, part: number): string {
  return `seg-${discontinuity}-${msn}.${part}.m4s`;
}
