/** Part of one core that live scoring may take when nothing else is said. */
export const usualShare = 0.25;
/** Who gives a whole core asks for scores before all else: latency is not spared then. */
export const unsparingShare = 1;
/** After a frame went unread for want of time, scoring waits for so long, ms: measuring comes first. */
export const yieldMs = 2000;
/** Part of the share at which work under way is ended when no other may begin. */
const leastPace = 1 / 8;
/** Over how long the share that was taken is told, ms. */
const toldOverMs = 20_000;

/**
 * Holds background work to a share of one core: work that took c ms is followed by a pause, so that the next begins c / share
 * after it began. Over any stretch, what is taken is at most the share of it and one piece of work.
 */
export type Budget = {
  /** Whether a piece of work may begin. */
  readonly mayBegin: (nowMs: number) => boolean;
  /** A piece of work begins; at most one at a time. */
  readonly begin: (nowMs: number) => void;
  /** It is over; `costMs` of a core went into it, 0 when it came to nothing. */
  readonly end: (nowMs: number, costMs: number) => void;
  /** Something more important fell short: begins nothing for a while. */
  readonly giveWay: (nowMs: number) => void;
  /** Share of one core, 0 to 1; 0 begins nothing. */
  readonly setShare: (share: number) => void;
  readonly share: () => number;
  /** Part of one core that may be taken now: the share, less what the pace leaves of it. */
  readonly taking: () => number;
  /** Share that was taken in the last 20 s; null before anything was. */
  readonly taken: (nowMs: number) => number | null;
};

type Work = { readonly endedMs: number; readonly costMs: number };

/**
 * Makes a budget from which nothing is taken yet.
 * @param pace part of the share that may be taken now, 0 to 1; the whole one when not given
 */
export function createBudget(share: number = usualShare, pace: () => number = () => 1): Budget {
  let allowed = share;
  let beganMs: number | null = null;
  let yieldUntilMs = Number.NEGATIVE_INFINITY;
  let last = { beganMs: Number.NEGATIVE_INFINITY, costMs: 0 };
  let firstMs: number | null = null;
  let done: readonly Work[] = [];
  // What began before the pace fell to 0 is done at the least that there is.
  const taking = (): number => allowed * (pace() || leastPace);
  return {
    // By the pace as it is now: making a scene for the first time costs seconds, which a pace of before would make minutes.
    mayBegin: (nowMs) =>
      allowed * pace() > 0 &&
      beganMs === null &&
      nowMs >= Math.max(yieldUntilMs, last.beganMs + last.costMs / taking()),
    begin: (nowMs) => {
      beganMs = nowMs;
      firstMs ??= nowMs;
    },
    end: (nowMs, costMs) => {
      if (beganMs === null) return;
      last = { beganMs, costMs };
      beganMs = null;
      if (costMs > 0)
        done = [...done.filter(({ endedMs }) => nowMs - endedMs < toldOverMs), { endedMs: nowMs, costMs }];
    },
    giveWay: (nowMs) => {
      yieldUntilMs = Math.max(yieldUntilMs, nowMs + yieldMs);
    },
    setShare: (next) => {
      allowed = next;
    },
    share: () => allowed,
    taking,
    taken: (nowMs) => {
      if (firstMs === null) return null;
      const overMs = Math.max(1, Math.min(toldOverMs, nowMs - firstMs));
      const costMs = done
        .filter(({ endedMs }) => nowMs - endedMs < toldOverMs)
        .reduce((sum, work) => sum + work.costMs, 0);
      return costMs / overMs;
    },
  };
}
