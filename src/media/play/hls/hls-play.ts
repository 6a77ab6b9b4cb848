import type { default as HlsJs } from "hls.js";

import type { Failure } from "../../../core/failure.ts";
import type { RungLog } from "../../../core/timeline/rungs.ts";
import type { Recovery } from "../recover.ts";
import type { Requests } from "../requests.ts";
import type { Troubles } from "../troubles.ts";
import type { PlayOptions } from "../way.ts";
import type { PlaylistWatch } from "./playlist-watch.ts";

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
  noAnswer: { readonly why: string; readonly next: string } | null;
  /** Discontinuity number of what is displayed. */
  discontinuity: number | null;
};
