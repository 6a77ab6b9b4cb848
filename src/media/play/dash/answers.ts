import type { MediaPlayerClass } from "dashjs";

import { retryDelayMs } from "../../link/retry.ts";
import type { Timers } from "../../link/timers.ts";
import type { LoadFault } from "../faults.ts";

/** Within how long dash.js has a manifest and a segment answered, ms. */
export const requestTimeoutMs: Readonly<Record<LoadFault["what"], number>> = {
  playlist: 10_000,
  segment: 20_000,
};

/** What dash.js calls what it asks for, as far as a stream cannot go on without it. */
const whatOf: Readonly<Record<string, LoadFault["what"]>> = {
  MPD: "playlist",
  MediaSegment: "segment",
  InitializationSegment: "segment",
  IndexSegment: "segment",
};

/** More tries than there is time for. */
const tryCount = 1e9;

/** What dash.js types as a plain object. */
type Request = {
  readonly type?: unknown;
  readonly url?: unknown;
  /** Counted up by dash.js when it is going to ask again. */
  readonly retryAttempts?: number;
  readonly startDate?: Date | null;
  readonly endDate?: Date | null;
};

/** What is done with answers. */
export type AnswerListener = {
  readonly onFailed: (fault: LoadFault, url: string) => void;
};

type Headers = Readonly<Record<string, string>>;

/** The part of the player that asks and is answered. */
export type Asking = Pick<MediaPlayerClass, "addResponseInterceptor" | "updateSettings">;

/**
 * Listens to every answer. dash.js gives a request up after some tries, and then the address that it went to, for good, which
 * only loading everything anew mends; so it is let try on, ever more seldom, and each try that failed is told.
 * @returns the headers that this page may see of what was answered, by the request of dash.js
 */
export function hearAnswers(
  player: Asking,
  timers: Timers,
  random: () => number,
  { onFailed }: AnswerListener,
): (request: object) => Headers {
  const noted = new WeakMap<object, Headers>();
  const types = Object.keys(whatOf);
  player.updateSettings({
    streaming: {
      retryAttempts: Object.fromEntries(types.map((type) => [type, tryCount])),
      // Streams of low latency are not asked for more often than others.
      retryIntervals: { lowLatencyReductionFactor: 1 },
    },
  });
  player.addResponseInterceptor(async (response) => {
    const { request } = response.request.customData as { readonly request?: Request };
    if (request === undefined) return response;
    noted.set(request, response.headers ?? {});
    const { status = 0 } = response;
    const what = whatOf[String(request.type)];
    const isEmpty = !(response.data as unknown);
    if (what === undefined || (status >= 200 && status < 300 && !isEmpty)) return response;
    const { retryAttempts: triedCount = 0 } = request;
    // Read by dash.js right after this.
    const retryIntervals = { [String(request.type)]: retryDelayMs(triedCount, random()) };
    player.updateSettings({ streaming: { retryIntervals } });
    const fault: LoadFault = { what, status, found: isOverdue(request, what, status) ? "too-slow" : null };
    timers.after(0, () => {
      // One that dash.js itself broke off is not tried again, and is no fault.
      if ((request.retryAttempts ?? 0) > triedCount) onFailed(fault, String(request.url));
    });
    return response;
  });
  return (request) => noted.get(request) ?? {};
}

function isOverdue({ startDate, endDate }: Request, what: LoadFault["what"], status: number): boolean {
  if (status > 0 || !startDate || !endDate) return false;
  return endDate.getTime() - startDate.getTime() >= requestTimeoutMs[what];
}
