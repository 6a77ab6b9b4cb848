import { fail, succeed, type Result } from "../../core/failure.ts";
import { writeDelta } from "../../core/hls/delta.ts";
import type { MediaPlaylist } from "../../core/hls/playlist.ts";
import { readPlaylist } from "../../core/hls/read.ts";
import { keyOfReference } from "./address.ts";
import { isListed, removeFile, type Store, type StoredPlaylist, type Stream } from "./store.ts";

/**
 * Reads a playlist that was put. Null for a multivariant playlist, which is kept as it is. Refused when it is none,
 * or lists more than is held.
 */
export function readStored(
  store: Store,
  key: string,
  bytes: Buffer,
  where: string,
): Result<StoredPlaylist | null> {
  const text = bytes.toString("utf8");
  const read = readPlaylist(text, where);
  if (!read.ok) return read;
  const { playlist } = read.value;
  if (playlist.kind === "multivariant") return succeed(null);
  const { media } = playlist;
  const { maxSegmentCount } = store.limits;
  if (media.segments.length > maxSegmentCount) {
    return fail({
      kind: "refused-input",
      what: `publish a playlist of ${media.segments.length} segments`,
      where,
      next: `List at most ${maxSegmentCount} segments (ffmpeg: -hls_list_size ${maxSegmentCount} or less).`,
    });
  }
  const delta = writeDelta(text, media);
  return succeed({
    media,
    delta: delta === null ? null : Buffer.from(delta),
    listed: keysOf(key, listedUris(media)),
    hinted: keysOf(
      key,
      media.hints.map((hint) => hint.uri),
    ),
  });
}

/**
 * Puts a playlist's new version in place of the last. Files that it no longer lists may go three target durations
 * later: as long as RFC 8216bis 6.2.2 wants parts to stay, and longer than it wants segments to.
 */
export function setPlaylist(store: Store, stream: Stream, key: string, playlist: StoredPlaylist): void {
  const before = stream.playlists.get(key);
  stream.playlists.set(key, playlist);
  for (const each of playlist.listed) stream.retired.delete(each);
  const goneAtMs = store.nowMs() + 3000 * Math.max(1, playlist.media.targetDurationS ?? 1);
  for (const each of before?.listed ?? []) {
    if (!isListed(stream, each) && stream.files.has(each)) stream.retired.set(each, goneAtMs);
  }
}

/** Lets go of files whose time is over: retired ones, and those that no playlist ever listed. */
export function expireFiles(store: Store, stream: Stream): void {
  const nowMs = store.nowMs();
  for (const [key, goneAtMs] of stream.retired) if (goneAtMs <= nowMs) removeFile(store, stream, key);
  for (const [key, file] of stream.files) {
    if (key.endsWith(".m3u8") || nowMs - file.putAtMs < store.limits.unlistedMs) continue;
    if (!stream.retired.has(key) && !isListed(stream, key)) removeFile(store, stream, key);
  }
}

/** The playlist that says a file is to come; undefined when none does. */
export function hintOf(stream: Stream, key: string): StoredPlaylist | undefined {
  for (const playlist of stream.playlists.values()) if (playlist.hinted.has(key)) return playlist;
  return undefined;
}

function listedUris(media: MediaPlaylist): readonly string[] {
  const heads = [...media.segments, ...(media.open === null ? [] : [media.open])];
  return [
    ...media.segments.map((segment) => segment.uri),
    ...heads.flatMap((head) => head.parts.map((part) => part.uri)),
    ...heads.flatMap((head) => (head.map === null ? [] : [head.map.uri])),
  ];
}

function keysOf(playlistKey: string, uris: readonly string[]): ReadonlySet<string> {
  const keys = uris.map((uri) => keyOfReference(playlistKey, uri));
  return new Set(keys.filter((key) => key !== null));
}
