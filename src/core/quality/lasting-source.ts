import { fail, type Failure, type Result } from "../failure.ts";
import type { DecodedFrame, FrameSource, SourceEnd } from "./frame-source.ts";

function why({ cause, next }: Failure): string {
  return cause ?? next;
}

function restartNote(name: string, atFrame: number, failure: Failure): string {
  return `${name}: the decoder broke down at frame ${atFrame} (${why(failure)}); it was started anew and went on from there`;
}

function breakdownNote({ name, facts }: FrameSource, atFrame: number, failure: Failure): string {
  const of = facts.frameCount === null ? "" : ` of about ${facts.frameCount}`;
  return `${name}: scored no further than its first ${atFrame}${of} frames: the decoder broke down at frame ${atFrame}, and could not go on when started anew (${why(failure)})`;
}

/** Opens a video anew and skips what was given of it already. */
async function openAt(
  atFrame: number,
  reopen: () => Promise<Result<FrameSource>>,
  broken: Failure,
): Promise<Result<FrameSource>> {
  const again = await reopen();
  if (!again.ok) return again;
  for (let index = 0; index < atFrame; index += 1) {
    if ((await again.value.next()) !== null) continue;
    again.value.close();
    return fail(again.value.end().failure ?? broken);
  }
  return again;
}

/**
 * A video whose decoder may break down: then it is opened anew, once, the frames that were given already are skipped, and who takes
 * the frames goes on. Where it breaks down again, the source ends with the failure and a note that says how far it came.
 * @param reopen opens the same video with a decoder of its own; may reject when it is aborted, as `next` then does
 */
export function createLastingSource(
  first: FrameSource,
  reopen: () => Promise<Result<FrameSource>>,
): FrameSource {
  const notes: string[] = [];
  let source = first;
  let givenCount = 0;
  let isSecond = false;
  // Said once it went on: where it does not, the note of its end says all.
  let onRestart: string | null = null;
  let end: SourceEnd | null = null;

  function sayRestart(): void {
    if (onRestart !== null) notes.push(onRestart);
    onRestart = null;
  }

  /** Where the source has no more frames: goes on with another, or ends. */
  async function endOrGoOn(): Promise<void> {
    const { failure, notes: own } = source.end();
    notes.push(...own);
    if (failure?.kind !== "ended-early") {
      sayRestart();
      end = { failure, notes };
      return;
    }
    // Closed first: what broke down may have done so for want of memory.
    source.close();
    const again = isSecond ? fail(failure) : await openAt(givenCount, reopen, failure);
    isSecond = true;
    if (again.ok) {
      onRestart = restartNote(source.name, givenCount, failure);
      source = again.value;
      return;
    }
    notes.push(breakdownNote(source, givenCount, again.failure));
    end = { failure: { ...again.failure, kind: "ended-early" }, notes };
  }

  return {
    name: first.name,
    facts: first.facts,
    decoder: () => source.decoder(),
    next: async () => {
      let frame: DecodedFrame | null = null;
      while (frame === null && end === null) {
        frame = await source.next();
        if (frame === null) await endOrGoOn();
      }
      if (frame === null) return null;
      givenCount += 1;
      sayRestart();
      return frame;
    },
    end: () => end ?? { failure: null, notes },
    close: () => source.close(),
  };
}
