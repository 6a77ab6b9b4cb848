import { playlistDurationS, type MediaPlaylist } from "./playlist.ts";
import { skipLine } from "./write.ts";

/** Lowest protocol version that knows EXT-X-SKIP (RFC 8216bis section 8). */
const skipVersion = 9;

/** Tags that belong to the one segment they stand before (4.4.4) and go when it is skipped. */
const segmentTags: ReadonlySet<string> = new Set([
  "#EXTINF",
  "#EXT-X-BYTERANGE",
  "#EXT-X-DISCONTINUITY",
  "#EXT-X-KEY",
  "#EXT-X-MAP",
  "#EXT-X-PROGRAM-DATE-TIME",
  "#EXT-X-GAP",
  "#EXT-X-BITRATE",
  "#EXT-X-PART",
]);

/**
 * How many of a playlist's oldest segments a delta update leaves out (6.2.5.1): those that lie wholly further from
 * the end than the skip boundary. 0 where there is no boundary, or the playlist has ended.
 */
export function skippableCount(playlist: MediaPlaylist): number {
  const boundaryS = playlist.serverControl?.canSkipUntilS ?? null;
  if (boundaryS === null || playlist.isEnded || playlist.skippedCount > 0) return 0;
  let fromEndS = playlistDurationS(playlist);
  let count = 0;
  for (const segment of playlist.segments) {
    fromEndS -= segment.durationS;
    if (fromEndS <= boundaryS) break;
    count += 1;
  }
  return count;
}

/**
 * Makes the delta update of a playlist as published, keeping every tag that is not skipped, those this program does
 * not know included. Null when nothing can be skipped and the whole playlist is the answer.
 * @param text what `playlist` was read from
 */
export function writeDelta(text: string, playlist: MediaPlaylist): string | null {
  const skipCount = skippableCount(playlist);
  if (skipCount === 0) return null;
  const kept: string[] = [];
  let passedCount = 0;
  let hasSkip = false;
  for (const line of text.split("\n")) {
    const name = line.split(":", 1)[0]?.trim() ?? "";
    const isAddress = line.trim() !== "" && !line.startsWith("#");
    if (passedCount < skipCount && (isAddress || segmentTags.has(name))) {
      if (!hasSkip) kept.push(skipLine(skipCount));
      hasSkip = true;
      passedCount += isAddress ? 1 : 0;
    } else {
      kept.push(name === "#EXT-X-VERSION" ? `${name}:${Math.max(skipVersion, playlist.version)}` : line);
    }
  }
  return kept.join("\n");
}

/**
 * Fills a delta update up from the playlist before it. Null when that one no longer holds what was skipped, and the
 * whole playlist must be asked for.
 */
export function applyDelta(before: MediaPlaylist, delta: MediaPlaylist): MediaPlaylist | null {
  const from = delta.mediaSequence - before.mediaSequence;
  const skipped = before.segments.slice(Math.max(0, from), from + delta.skippedCount);
  if (from < 0 || skipped.length !== delta.skippedCount) return null;
  const map = skipped.at(-1)?.map ?? null;
  const withMap = <Head extends { readonly map: MediaPlaylist["segments"][number]["map"] }>(
    head: Head,
  ): Head => (head.map === null ? { ...head, map } : head);
  return {
    ...delta,
    skippedCount: 0,
    segments: [...skipped, ...delta.segments.map(withMap)],
    open: delta.open === null ? null : withMap(delta.open),
  };
}
