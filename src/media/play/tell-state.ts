import { toPageMs, type PageMs } from "../../core/clock/instants.ts";
import { whyOf } from "./no-answer.ts";
import type { Troubles } from "./troubles.ts";
import type { PlayOptions } from "./way.ts";

/** What of a play decides about what it is said to do. */
export type Telling = {
  readonly options: {
    readonly video: Pick<HTMLVideoElement, "ended">;
    readonly listener: Pick<PlayOptions["listener"], "onState">;
  };
  readonly troubles: Troubles;
  readonly hasPlayed: boolean;
  /** Why requests get no answer, while they get none. */
  noAnswer: { readonly why: string; readonly next: string } | null;
};

/** The page's clock. */
export function nowMs(): PageMs {
  return toPageMs(performance.now());
}

/** Connected while media comes; what goes on instead, in its own words. */
export function tellState(playing: Telling): void {
  const [trouble] = playing.troubles.current();
  const { listener, video } = playing.options;
  if (trouble === undefined) {
    playing.noAnswer = null;
    if (video.ended) listener.onState({ state: "ended", why: "the stream has ended" });
    else if (playing.hasPlayed) listener.onState({ state: "connected", why: "" });
    return;
  }
  listener.onState({ state: "connecting", why: whyOf(playing, trouble.trouble, trouble.why) });
}
