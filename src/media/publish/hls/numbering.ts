import {
  openSegmentOf,
  reduceLive,
  resumeEmpty,
  toMediaPlaylist,
  type LivePlaylist,
} from "../../../core/hls/live.ts";
import { initName, partName, segmentName } from "../../../core/hls/names.ts";

/** A step of a live playlist, with the name that its file is to have. */
export type Named = { readonly live: LivePlaylist; readonly name: string };

/** Encoding begins anew: names the initialization section; what was open is closed as absent. */
export function restartNamed(live: LivePlaylist): Named {
  const { msn, discontinuity } = openSegmentOf(live);
  const gapUri = segmentName(discontinuity, msn);
  const restarted = (uri: string): LivePlaylist =>
    reduceLive(live, { kind: "restart", map: { uri, byteRange: null }, gapUri });
  const name = initName(openSegmentOf(restarted("")).discontinuity);
  return { live: restarted(name), name };
}

/** A part of the open segment is to be listed. */
export function addPartNamed(
  live: LivePlaylist,
  part: {
    readonly durationS: number;
    readonly isIndependent: boolean;
    readonly isLast: boolean;
    readonly programDateTimeMs: number;
  },
): Named {
  const { msn, discontinuity } = openSegmentOf(live);
  const index = live.open.parts.length;
  const next = part.isLast ? partName(discontinuity, msn + 1, 0) : partName(discontinuity, msn, index + 1);
  const name = partName(discontinuity, msn, index);
  const { durationS, isIndependent, programDateTimeMs } = part;
  // A server that does not hold requests would answer a hint with 404.
  const hintUri = live.options.canBlockReload ? next : null;
  return {
    name,
    live: reduceLive(live, { kind: "part", uri: name, durationS, isIndependent, programDateTimeMs, hintUri }),
  };
}

/** The open segment is complete. */
export function endSegmentNamed(
  live: LivePlaylist,
  segment: { readonly durationS: number; readonly programDateTimeMs: number },
): Named {
  const { msn, discontinuity } = openSegmentOf(live);
  const name = segmentName(discontinuity, msn);
  return {
    name,
    live: reduceLive(live, {
      kind: "segment",
      uri: name,
      hintUri: nextHint(live, discontinuity, msn),
      ...segment,
    }),
  };
}

/** Nothing comes any more; what is open is closed as absent. */
export function endNamed(live: LivePlaylist): LivePlaylist {
  const { msn, discontinuity } = openSegmentOf(live);
  return reduceLive(live, { kind: "end", gapUri: segmentName(discontinuity, msn) });
}

/** The server has lost every file: numbers go on, nothing is listed. */
export function withoutFiles(live: LivePlaylist): LivePlaylist {
  const { targetDurationS, partTargetS } = live;
  return { ...resumeEmpty(live.options, toMediaPlaylist(live)), targetDurationS, partTargetS };
}

/**
 * Rungs that are about to begin anew together. Matching content has the same discontinuity number in all of them (RFC 8216bis
 * 6.2.4): a rung that an earlier page, or a server that was away, left behind the others lists nothing old any more, and goes on
 * with their number.
 */
export function alignRungs(rungs: readonly LivePlaylist[]): readonly LivePlaylist[] {
  const nexts = rungs.map((live) => openSegmentOf(restartNamed(live).live).discontinuity);
  const last = Math.max(...nexts);
  return rungs.map((live, index) => {
    if (nexts[index] === last) return live;
    const { mediaSequence, ...empty } = withoutFiles(live);
    // A number is left out: no reader of both playlists can miss discontinuities between them.
    return { ...empty, mediaSequence: mediaSequence + 1, discontinuitySequence: last };
  });
}

function nextHint(live: LivePlaylist, discontinuity: number, msn: number): string | null {
  const hasParts = live.options.partTargetS !== null;
  return hasParts && live.options.canBlockReload ? partName(discontinuity, msn + 1, 0) : null;
}
