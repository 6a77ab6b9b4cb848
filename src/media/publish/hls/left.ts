import { resumeLive, toMediaPlaylist, type LiveOptions, type LivePlaylist } from "../../../core/hls/live.ts";
import { topPlaylistName } from "../../../core/hls/names.ts";
import { listedUris } from "../../../core/hls/playlist.ts";
import { readPlaylist } from "../../../core/hls/read.ts";
import { hlsFilePattern } from "../../../core/wire/upload.ts";
import type { Destination } from "./destination.ts";
import type { HlsRung } from "./plan.ts";

const readTimeoutMs = 4000;

/** A playlist that is larger was not written here, characters. */
const maxCharacterCount = 256 * 1024;

/** What an earlier page left of one rung. */
export type Left = {
  /** Taken up, so that numbers and names go on. */
  readonly live: LivePlaylist;
  /** Files that stand there and are no longer listed. */
  readonly unlisted: readonly string[];
};

/**
 * What an earlier page left of each rung; null where there is nothing, or nothing that can be read: a server may let files be
 * put and not be read.
 */
export async function readLeft(
  destination: Pick<Destination, "readUrl" | "mayHaveFiles">,
  rungs: readonly Pick<HlsRung, "folder">[],
  options: LiveOptions,
  fetch: (url: string, init: RequestInit) => Promise<Response>,
  signal: AbortSignal,
): Promise<readonly (Left | null)[]> {
  if (!destination.mayHaveFiles) return rungs.map(() => null);
  return Promise.all(
    rungs.map(async ({ folder }) => {
      const prefix = folder === "" ? "" : `${folder}/`;
      const name = `${prefix}${topPlaylistName}`;
      try {
        const answer = await fetch(destination.readUrl(name), {
          cache: "no-store",
          credentials: "omit",
          signal: AbortSignal.any([signal, AbortSignal.timeout(readTimeoutMs)]),
        });
        return answer.ok ? toLeft(await answer.text(), prefix, options) : null;
      } catch {
        signal.throwIfAborted();
        return null;
      }
    }),
  );
}

function toLeft(text: string, prefix: string, options: LiveOptions): Left | null {
  if (text.length > maxCharacterCount) return null;
  const read = readPlaylist(text, `${prefix}${topPlaylistName}`);
  const playlist = read.ok ? read.value.playlist : null;
  if (playlist?.kind !== "media") return null;
  const live = resumeLive(options, playlist.media);
  const kept = listedUris(toMediaPlaylist(live));
  // Names that no page of this kind gives are none of ours to take away.
  const unlisted = listedUris(playlist.media).filter(
    (uri) => !kept.includes(uri) && hlsFilePattern.test(uri),
  );
  return { live, unlisted: unlisted.map((uri) => `${prefix}${uri}`) };
}
