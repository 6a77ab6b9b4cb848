import { measured, missing, type Measured } from "../measured.ts";

/** A rung of a quality ladder, as the stream lists it; null for what it does not tell. */
export type Rung = {
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  readonly bitrateKbps: number | null;
};

/** What became of a rung since play began. */
export type RungReading = Rung & {
  /** How long it was played, ms; stalls, pauses and what came after the end are not counted. */
  readonly playedMs: number;
  /** Share of all that was played, 0..1. */
  readonly playedRatio: Measured;
  /** Bytes over duration of the media received of it, kbit/s: what it really takes, whatever the stream lists. */
  readonly mediaKbps: Measured;
};

/** Follows which rung of a ladder is played, for how long, and what its media weighs. */
export type RungLog = {
  /**
   * Tells what is on screen. To be called at each switch and at least twice a second.
   * @param key names the rung; null while nothing is played
   */
  readonly see: (key: string | null, atMs: number) => void;
  /** Media of a rung came. */
  readonly receive: (key: string, byteCount: number, durationS: number) => void;
  /** The rungs that a stream lists, in the order in which they are given. */
  readonly read: (listed: readonly (Rung & { readonly key: string })[]) => readonly RungReading[];
};

type Count = { playedMs: number; byteCount: number; durationS: number };

/** Rungs followed at once; what comes beyond them is not counted. */
const maxRungCount = 100;

/** Makes a log of a stream that was not played yet. */
export function createRungLog(): RungLog {
  const counts = new Map<string, Count>();
  let seen: { readonly key: string; readonly atMs: number } | null = null;
  const countOf = (key: string): Count => {
    const count = counts.get(key) ?? { playedMs: 0, byteCount: 0, durationS: 0 };
    if (counts.size < maxRungCount) counts.set(key, count);
    return count;
  };
  return {
    see: (key, atMs) => {
      if (seen !== null) countOf(seen.key).playedMs += Math.max(0, atMs - seen.atMs);
      seen = key === null ? null : { key, atMs };
    },
    receive: (key, byteCount, durationS) => {
      if (!(durationS > 0)) return;
      const count = countOf(key);
      count.byteCount += byteCount;
      count.durationS += durationS;
    },
    read: (listed) => {
      const allMs = [...counts.values()].reduce((sumMs, { playedMs }) => sumMs + playedMs, 0);
      return listed.map(({ key, widthPx, heightPx, bitrateKbps }) => {
        const { playedMs, byteCount, durationS } = counts.get(key) ?? none;
        return {
          widthPx,
          heightPx,
          bitrateKbps,
          playedMs,
          playedRatio: allMs > 0 ? measured(playedMs / allMs) : missing("nothing was played yet"),
          mediaKbps:
            durationS > 0
              ? measured((byteCount * 8) / 1000 / durationS)
              : missing("no media of this rung has been received"),
        };
      });
    },
  };
}

const none: Count = { playedMs: 0, byteCount: 0, durationS: 0 };
