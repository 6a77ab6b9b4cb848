import { checkMedia } from "../../../core/hls/check.ts";
import { applyDelta } from "../../../core/hls/delta.ts";
import { factsOf, type PlaylistFacts } from "../../../core/hls/facts.ts";
import { followPlaylist, type Followed } from "../../../core/hls/follow.ts";
import type { MediaPlaylist } from "../../../core/hls/playlist.ts";
import { readPlaylist } from "../../../core/hls/read.ts";

/** What a (re)load of the played media playlist told. */
export type PlaylistNews = {
  /** Nothing new for longer than the specification allows, ms since there was. */
  readonly staleMs: number | null;
  /** The publisher began anew: players that go on with the old numbers wait for ever. */
  readonly isRestarted: boolean;
};

/** Follows the media playlist being played by its text. */
export type PlaylistWatch = {
  /** @param url tells renditions apart: another one is no successor */
  readonly add: (text: string, url: string, atMs: number) => PlaylistNews;
  /** Time since the playlist brought something new is past what is allowed, by itself and without a reload. */
  readonly staleMs: (nowMs: number) => number | null;
  readonly facts: () => PlaylistFacts | null;
  /** Rules broken, each once, with its section. */
  readonly breaches: () => readonly string[];
};

const maxBreachCount = 20;

/** Renditions whose last playlist is held, to fill up delta updates from: a player that comes back to a rung asks for what is new alone. */
const maxRenditionCount = 16;

/** A playlist's address without the delivery directives of RFC 8216bis 6.2.5, which differ from reload to reload. */
function renditionOf(address: string): string {
  const url = new URL(address);
  const directives = [...url.searchParams.keys()].filter((key) => key.startsWith("_HLS_"));
  for (const key of directives) url.searchParams.delete(key);
  return url.href;
}

/** Fills up a delta update; null when what it left out is not known. */
function wholeOf(media: MediaPlaylist, before: Followed | null): MediaPlaylist | null {
  if (media.skippedCount === 0) return media;
  return before === null ? null : applyDelta(before.playlist, media);
}

function hold(renditions: Map<string, Followed>, rendition: string, followed: Followed): void {
  renditions.delete(rendition);
  renditions.set(rendition, followed);
  const [oldest] = renditions.keys();
  if (renditions.size > maxRenditionCount && oldest !== undefined) renditions.delete(oldest);
}

/** Makes a watch that has seen no playlist. */
export function createPlaylistWatch(): PlaylistWatch {
  /** By address; the one read last stands last. */
  const renditions = new Map<string, Followed>();
  let followed: Followed | null = null;
  let facts: PlaylistFacts | null = null;
  const breaches = new Set<string>();
  const tell = (section: string, words: string): void => {
    if (breaches.size < maxBreachCount) breaches.add(`${section}: ${words}`);
  };
  return {
    add: (text, url, atMs) => {
      const read = readPlaylist(text, url);
      // hls.js has read it, so a refusal can only be one of bounds, which the loader tells.
      if (!read.ok || read.value.playlist.kind !== "media") return { staleMs: null, isRestarted: false };
      const rendition = renditionOf(url);
      const before = renditions.get(rendition) ?? null;
      const media = wholeOf(read.value.playlist.media, before);
      if (media === null) return { staleMs: null, isRestarted: false };
      const reload = followPlaylist(before, media, atMs);
      ({ followed } = reload);
      hold(renditions, rendition, reload.followed);
      facts = factsOf(media);
      for (const { section, words } of [...checkMedia(media), ...reload.breaches]) tell(section, words);
      return { staleMs: reload.isStale ? reload.staleMs : null, isRestarted: reload.isRestarted };
    },
    staleMs: (nowMs) => {
      if (followed === null || followed.playlist.isEnded) return null;
      const limitMs = 1500 * (followed.playlist.targetDurationS ?? Infinity);
      return nowMs - followed.newsAtMs > limitMs ? nowMs - followed.newsAtMs : null;
    },
    facts: () => facts,
    breaches: () => [...breaches],
  };
}
