import { resumeLive, type LiveOptions, type LivePlaylist } from "../../../core/hls/live.ts";
import { topPlaylistName } from "../../../core/hls/names.ts";
import { readPlaylist } from "../../../core/hls/read.ts";
import type { Destination } from "./destination.ts";
import type { HlsRung } from "./plan.ts";

const readTimeoutMs = 4000;

/** A playlist that is larger was not written here, characters. */
const maxCharacterCount = 256 * 1024;

/**
 * What an earlier page left of each rung, so that numbers and names go on; null where there is nothing, or nothing that can
 * be read: a server may let files be put and not be read.
 */
export async function readLeft(
  destination: Pick<Destination, "readUrl" | "mayHaveFiles">,
  rungs: readonly HlsRung[],
  options: LiveOptions,
  fetch: (url: string, init: RequestInit) => Promise<Response>,
  signal: AbortSignal,
): Promise<readonly (LivePlaylist | null)[]> {
  if (!destination.mayHaveFiles) return rungs.map(() => null);
  return Promise.all(
    rungs.map(async ({ folder }) => {
      const name = folder === "" ? topPlaylistName : `${folder}/${topPlaylistName}`;
      try {
        const answer = await fetch(destination.readUrl(name), {
          cache: "no-store",
          credentials: "omit",
          signal: AbortSignal.any([signal, AbortSignal.timeout(readTimeoutMs)]),
        });
        return answer.ok ? toLive(await answer.text(), name, options) : null;
      } catch {
        signal.throwIfAborted();
        return null;
      }
    }),
  );
}

function toLive(text: string, name: string, options: LiveOptions): LivePlaylist | null {
  if (text.length > maxCharacterCount) return null;
  const read = readPlaylist(text, name);
  const playlist = read.ok ? read.value.playlist : null;
  return playlist?.kind === "media" ? resumeLive(options, playlist.media) : null;
}
