import { unreachable, type Failure } from "../../core/failure.ts";
import type { StreamReport } from "../../core/wire/automation.ts";

/** How a stream ended before its run did. */
export type EarlyEnd = {
  /** The page's words. */
  readonly why: string;
  /** What the page gives as the reason; null where the stream ended as streams do. */
  readonly failure: Failure | null;
};

/** Why a stream does not play any more, or not now; null while it plays or its connection is being mended. */
export function earlyEndOf({ snapshot }: StreamReport): EarlyEnd | null {
  switch (snapshot.phase) {
    case "measuring": {
      const { connection } = snapshot;
      if (connection.state !== "ended") return null;
      return {
        why: connection.why === "" ? "the stream ended" : connection.why,
        failure: connection.failure,
      };
    }
    case "failed":
      return { why: wordsOf(snapshot.failure), failure: snapshot.failure };
    case "joining":
      return { why: `the page is joining it: ${snapshot.state}`, failure: null };
    case "idle":
      return { why: "the stream came to its end", failure: null };
    default:
      return unreachable(snapshot);
  }
}

function wordsOf({ what, where }: Failure): string {
  return `${what} failed: ${where}`;
}

const next = "Look at the provider's stream at that time. One that ends takes a duration shorter than it is.";

/**
 * The failure of a stream that ended before its time.
 * @param lastFrameMs when its last frame was displayed, since measuring began; null where none was
 */
export function toFailure({ why, failure }: EarlyEnd, provider: string, lastFrameMs: number | null): Failure {
  const after =
    lastFrameMs === null
      ? "no frame came after the warm-up"
      : `its last frame came ${(lastFrameMs / 1000).toFixed(1)} s after measuring began`;
  return {
    kind: "ended-early",
    what: "Measuring the stream to its end",
    where: `${provider}: ${why}`,
    next: failure?.next ?? next,
    cause: failure?.cause === undefined ? after : `${after}: ${failure.cause}`,
  };
}

/** The failure of a stream that plays, but of which no frame was displayed in the time that was measured. */
export function noFrames(provider: string): Failure {
  return {
    kind: "ended-early",
    what: "Measuring the stream",
    where: `${provider}: no frame was displayed after the warm-up`,
    next,
  };
}
