import type { ReceiverUs } from "../clock/instants.ts";
import { measured, missing, type Measured } from "../measured.ts";

/** How long joining took. */
export type JoinReading = { readonly firstFrame: Measured; readonly firstMarker: Measured };

/** Measures from play asked to the first frame, and to the first marker, displayed. */
export type Join = {
  /** Play was asked for; only the first call counts. */
  readonly ask: (atUs: ReceiverUs) => void;
  readonly addFrame: (displayTimeUs: ReceiverUs, displayBoundMs: number) => void;
  readonly addMarker: (displayTimeUs: ReceiverUs, displayBoundMs: number) => void;
  readonly read: () => JoinReading;
};

type Shown = { readonly atUs: ReceiverUs; readonly boundMs: number };

function sinceMs(askedUs: ReceiverUs | null, shown: Shown | null, what: string): Measured {
  if (askedUs === null) return missing("it is not known when play was asked for");
  if (shown === null) return missing(`no ${what} yet`);
  return measured((shown.atUs - askedUs) / 1000, shown.boundMs);
}

/** Makes a join measure; both instants are on the receiver's clock, so no offset enters. */
export function createJoin(): Join {
  let askedUs: ReceiverUs | null = null;
  let frame: Shown | null = null;
  let marker: Shown | null = null;
  return {
    ask: (atUs) => {
      askedUs ??= atUs;
    },
    addFrame: (atUs, boundMs) => {
      frame ??= { atUs, boundMs };
    },
    addMarker: (atUs, boundMs) => {
      marker ??= { atUs, boundMs };
    },
    read: () => ({
      firstFrame: sinceMs(askedUs, frame, "frame has been displayed"),
      firstMarker: sinceMs(askedUs, marker, "marker has been read"),
    }),
  };
}
