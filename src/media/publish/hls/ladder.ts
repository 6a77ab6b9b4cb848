import { toMediaPlaylist, type LivePlaylist } from "../../../core/hls/live.ts";
import { topPlaylistName } from "../../../core/hls/names.ts";
import { liveEdgeOf, type RenditionReport, type Variant } from "../../../core/hls/playlist.ts";
import { writeMultivariantPlaylist } from "../../../core/hls/write.ts";
import type { BitrateClaims } from "./claims.ts";
import type { CommitTrouble } from "./commits.ts";
import type { HlsRung } from "./plan.ts";
import type { Uploader } from "./upload.ts";

/** What the playlist that lists the rungs says of one. */
export type LadderRung = {
  readonly rung: HlsRung;
  readonly codec: string;
  readonly fps: number;
  readonly claims: BitrateClaims;
};

/** Puts the playlist that lists the rungs. */
export type LadderPut = {
  /** Puts what it is to say, unless that was put already. */
  readonly say: (rungs: readonly LadderRung[]) => void;
  /** What was put may not be there any more. */
  readonly forget: () => void;
};

/** Makes what puts the playlist of the rungs: one at a time, so that an older one never comes to stand in a newer one's place. */
export function createLadderPut(options: {
  readonly uploader: Uploader;
  readonly onPut: () => void;
  readonly onTrouble: (trouble: CommitTrouble) => void;
}): LadderPut {
  const { uploader, onPut, onTrouble } = options;
  const state = { ladder: "", isPutting: false };
  const put = async (): Promise<void> => {
    if (state.isPutting) return;
    state.isPutting = true;
    let sent = "";
    while (state.ladder !== "" && sent !== state.ladder) {
      sent = state.ladder;
      const outcome = await uploader.put(
        { name: topPlaylistName, bytes: sent },
        new AbortController().signal,
      );
      if (outcome.kind === "put") onPut();
      else onTrouble(outcome);
    }
    state.isPutting = false;
  };
  return {
    say: (rungs) => {
      const next = writeLadder(rungs);
      if (next === state.ladder) return;
      state.ladder = next;
      void put();
    },
    forget: () => {
      state.ladder = "";
    },
  };
}

function writeLadder(rungs: readonly LadderRung[]): string {
  return writeMultivariantPlaylist({
    version: 6,
    independentSegments: true,
    renditions: [],
    variants: rungs.map(({ rung, codec, fps, claims }): Variant => ({
      uri: `${rung.folder}/${topPlaylistName}`,
      bandwidthBps: claims.peakBps,
      averageBandwidthBps: claims.averageBps,
      codecs: [codec],
      widthPx: rung.widthPx,
      heightPx: rung.heightPx,
      frameRateFps: fps,
      audioGroup: null,
    })),
  });
}

/** Where the other rungs stand, for a player that changes rung (4.4.5.4). */
export function reportsOf(
  others: readonly { readonly rung: HlsRung; readonly live: LivePlaylist | null }[],
): readonly RenditionReport[] {
  return others.flatMap(({ rung, live }) => {
    if (live === null) return [];
    const edge = liveEdgeOf(toMediaPlaylist(live));
    const isOpen = edge.openPartCount > 0;
    const lastMsn = isOpen ? edge.lastMsn + 1 : edge.lastMsn;
    const partCount = isOpen ? edge.openPartCount : edge.lastSegmentPartCount;
    if (lastMsn < 0) return [];
    return [
      {
        uri: `../${rung.folder}/${topPlaylistName}`,
        lastMsn,
        lastPart: partCount === 0 ? null : partCount - 1,
      },
    ];
  });
}
