import type { default as HlsJs } from "hls.js";

import { toPageMs, type PageMs } from "../../../core/clock/instants.ts";
import type { Failure } from "../../../core/failure.ts";
import type { RungLog } from "../../../core/timeline/rungs.ts";
import type { Troubles } from "../troubles.ts";
import type { PlayOptions } from "../way.ts";
import type { PlaylistWatch } from "./playlist-watch.ts";
import type { Recovery } from "./recover.ts";
import type { Requests } from "./requests.ts";

/** The changing parts of one play. */
export type HlsPlay = {
  readonly url: URL;
  readonly options: PlayOptions;
  /** When play was asked for, page clock, ms. */
  readonly askedMs: number;
  readonly hls: HlsJs;
  readonly troubles: Troubles;
  readonly requests: Requests;
  readonly rungs: RungLog;
  readonly recovery: Recovery;
  readonly end: (failure: Failure | null) => void;
  watch: PlaylistWatch;
  hasPlayed: boolean;
  mediaRecoveryCount: number;
  /** When the decoder was last renewed, page clock, ms. */
  renewedMs: number;
  rungSwitchCount: number;
  /** Of what is displayed; -1 before the first. */
  level: number;
  /** Why requests get no answer, while they get none. */
  noAnswer: { readonly url: string; why: string; next: string } | null;
  /** Discontinuity number of what is displayed. */
  discontinuity: number | null;
};

/** The page's clock. */
export function nowMs(): PageMs {
  return toPageMs(performance.now());
}

/** Connected while media comes; what goes on instead, in its own words. */
export function tellState(playing: HlsPlay): void {
  const [trouble] = playing.troubles.current();
  const { onState } = playing.options.listener;
  if (trouble === undefined) {
    playing.noAnswer = null;
    if (playing.options.video.ended) onState({ state: "ended", why: "the stream has ended" });
    else if (playing.hasPlayed) onState({ state: "connected", why: "" });
    return;
  }
  const isAway = trouble.trouble === "unreachable" && playing.noAnswer !== null;
  onState({ state: "connecting", why: isAway ? (playing.noAnswer?.why ?? trouble.why) : trouble.why });
}
