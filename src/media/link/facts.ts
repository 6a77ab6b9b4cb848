import * as v from "valibot";

import { composeOffsets, toServerClockFacts } from "../../core/clock/compose.ts";
import type { ClockOffset } from "../../core/clock/offset.ts";
import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";
import { factsPathPrefix } from "../../core/wire/facts.ts";
import { streamFactsSchema, type StreamFacts } from "../../core/wire/signalling.ts";
import { idFrom } from "../peer/envelope.ts";
import { openServerClock } from "./server-clock.ts";
import { realTimers } from "./timers.ts";
import { webSocketWire } from "./wire.ts";

/** How often a sender's facts are told again, ms; the server drops them after a minute. */
const tellEveryMs = 5000;
/** How often a viewer asks for facts: at first quickly, since the sender may just be starting, ms. */
const askEveryMs = 5000;
const askSoonMs = 1000;
const askTimeoutMs = 4000;
/** Asks that are made quickly: a sender that is not known by then is not just starting. */
const soonCount = 20;

/** The page's own server, where clock questions are answered. */
function connectToServer(): ReturnType<typeof webSocketWire> {
  const address = new URL("/ws/signal", location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return webSocketWire(address.href, WebSocket);
}

/**
 * Tells this page's server the facts of the run being sent, and how this page's clock stands to the server's, again and
 * again until the answer is called. A server that cannot be reached is asked again; viewers then have no clock to the sender.
 */
export function publishFacts(facts: StreamFacts): () => void {
  const key = idFrom(crypto.getRandomValues(new Uint8Array(24)));
  const stopped = new AbortController();
  let cancel: (() => void) | null = null;
  let toldClock = false;
  const tell = async (): Promise<void> => {
    cancel?.();
    cancel = realTimers.after(tellEveryMs, () => void tell());
    const offset = clock.read();
    const body = JSON.stringify({ ...facts, clock: offset === null ? null : toServerClockFacts(offset) });
    try {
      await fetch(`${factsPathPrefix}${facts.runNumber}`, {
        method: "PUT",
        body,
        headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
        signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(askTimeoutMs)]),
      });
    } catch {
      // Told again in a few seconds; what cannot be told meanwhile is missing at the viewer, which says so.
    }
  };
  const clock = openServerClock({
    connect: connectToServer(),
    timers: realTimers,
    random: () => Math.random(),
    onOffset: () => {
      if (toldClock) return;
      toldClock = true;
      void tell();
    },
  });
  void tell();
  return () => {
    cancel?.();
    clock.close();
    stopped.abort(new Error("the run ended"));
  };
}

/** Asks this page's server for the facts of a run. Abort rejects with `signal.reason`. */
export async function fetchFacts(runNumber: number, signal: AbortSignal): Promise<Result<StreamFacts>> {
  const where = `${factsPathPrefix}${runNumber}`;
  try {
    const answer = await fetch(where, {
      cache: "no-store",
      signal: AbortSignal.any([signal, AbortSignal.timeout(askTimeoutMs)]),
    });
    if (answer.status === 404) return fail(unknownRun(where));
    if (!answer.ok) return fail(noAnswer(where, `status ${answer.status}`));
    const read = v.safeParse(streamFactsSchema, await answer.json());
    return read.success ? succeed(read.output) : fail(noAnswer(where, read.issues[0].message));
  } catch (error) {
    signal.throwIfAborted();
    return fail(noAnswer(where, reason(error)));
  }
}

/** What a viewer of a run without a data channel is told. Called on the main thread. */
export type RunHandlers = {
  /** The first facts, and again when they changed in more than the clock. */
  readonly onFacts: (facts: StreamFacts) => void;
  /** This page's clock minus the sender's, composed by way of the server, each time either was fitted anew. */
  readonly onOffset: (offset: ClockOffset) => void;
  /** Facts cannot be had now, and why; asked again by itself. */
  readonly onMissing: (failure: Failure) => void;
};

/** Follows the facts and the clock of a run by way of this page's server until the answer is called. */
export function followRun(runNumber: number, handlers: RunHandlers): () => void {
  const stopped = new AbortController();
  let facts: StreamFacts | null = null;
  let askedCount = 0;
  let cancel: (() => void) | null = null;
  const tellOffset = (): void => {
    const own = clock.read();
    if (own !== null && facts !== null && facts.clock !== null) {
      handlers.onOffset(composeOffsets(own, facts.clock));
    }
  };
  const take = (taken: StreamFacts): void => {
    const isNew = facts === null || withoutClock(facts) !== withoutClock(taken);
    facts = taken;
    if (isNew) handlers.onFacts(taken);
    tellOffset();
  };
  const ask = async (): Promise<void> => {
    try {
      const fetched = await fetchFacts(runNumber, stopped.signal);
      if (fetched.ok) take(fetched.value);
      else handlers.onMissing(fetched.failure);
    } catch (error) {
      if (stopped.signal.aborted) return;
      throw error;
    }
    if (stopped.signal.aborted) return;
    askedCount += 1;
    const isSettled = (facts !== null && facts.clock !== null) || askedCount > soonCount;
    cancel = realTimers.after(isSettled ? askEveryMs : askSoonMs, () => void ask());
  };
  const clock = openServerClock({
    connect: connectToServer(),
    timers: realTimers,
    random: () => Math.random(),
    onOffset: tellOffset,
  });
  void ask();
  return () => {
    cancel?.();
    clock.close();
    stopped.abort(new Error("the run is no longer followed"));
  };
}

function withoutClock(facts: StreamFacts): string {
  return JSON.stringify({ ...facts, clock: null });
}

function unknownRun(where: string): Failure {
  return {
    kind: "unreachable",
    what: "This page's server knows nothing of the run in the marker",
    where,
    next: "Open the sender from this same server: without it there is no latency against the sender's clock.",
  };
}

function noAnswer(where: string, cause: string): Failure {
  return {
    kind: "unreachable",
    what: "The facts of the run in the marker could not be had from this page's server",
    where,
    next: "It is asked again by itself; check that the server runs.",
    cause,
  };
}
