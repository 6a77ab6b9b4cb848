import { toMediaPlaylist, type LivePlaylist } from "../../../core/hls/live.ts";
import { topPlaylistName } from "../../../core/hls/names.ts";
import { liveEdgeOf, type RenditionReport, type Variant } from "../../../core/hls/playlist.ts";
import { writeMultivariantPlaylist } from "../../../core/hls/write.ts";
import type { BitrateClaims } from "./claims.ts";
import type { HlsRung } from "./plan.ts";

/** The playlist that lists the rungs. */
export function writeLadder(
  rungs: readonly {
    readonly rung: HlsRung;
    readonly codec: string;
    readonly fps: number;
    readonly claims: BitrateClaims;
  }[],
): string {
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
