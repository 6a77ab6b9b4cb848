import { createStore, type StoreApi } from "zustand/vanilla";

import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { ReceiverSnapshot } from "../../core/wire/automation.ts";
import { checkJoinCode, completeReceiverSetup, type ReceiverSetup } from "../../core/wire/setup.ts";
import type { PlayState } from "../../media/play/way.ts";
import type { OpenSession, Session } from "./session-face.ts";

/** What the receiver needs from the browser; the composition root makes them, tests bring fakes. */
export type ReceiverAdapters = {
  readonly openSession: OpenSession;
  /** Calls again and again until the answer is called. */
  readonly every: (intervalMs: number, call: () => void) => () => void;
};

/** The receiver tab without its looks. Actions never reject; failures are in the state and in the results. */
export type Receiver = {
  readonly store: StoreApi<ReceiverSnapshot>;
  /** The element that shows the stream; given once, before the first start. */
  readonly attach: (video: HTMLVideoElement) => void;
  /** Changes the setup; what needs a new connection counts from the next start on. */
  readonly configure: (change: Partial<ReceiverSetup>) => void;
  /** Resolves once the first frame is displayed, or with the reason why none will be. */
  readonly start: (given?: Partial<ReceiverSetup>) => Promise<Result<null>>;
  readonly stop: () => void;
  /** Freezes what is shown; measuring goes on. */
  readonly togglePause: () => void;
  readonly mark: (note: string) => void;
  readonly reset: () => void;
  /** Shows a failure from outside, such as a bad address. */
  readonly refuse: (failure: Failure) => void;
  /** The stream being measured; null when there is none. */
  readonly session: () => Session | null;
  /** As the state, but with the measures of this very moment even while the view is paused. */
  readonly snapshot: () => ReceiverSnapshot;
};

/** How often the measures are read for the screen, ms. */
export const tickIntervalMs: number = 250;

/** Makes a receiver. */
export function createReceiver(adapters: ReceiverAdapters, setup: ReceiverSetup): Receiver {
  const store = createStore<ReceiverSnapshot>(() => ({ phase: "idle", setup }));
  const show = (next: ReceiverSnapshot) => store.setState(next, true);
  let receiving = new AbortController();
  let session: Session | null = null;
  let video: HTMLVideoElement | null = null;

  const end = (next: ReceiverSnapshot) => {
    receiving.abort(new Error("the receiver stopped"));
    session?.close();
    session = null;
    show(next);
  };
  const refuse = (failure: Failure) => end({ phase: "failed", setup: store.getState().setup, failure });

  const open = async (next: ReceiverSetup, element: HTMLVideoElement, signal: AbortSignal) => {
    const listener = { onState: (state: PlayState) => show(withConnection(store.getState(), state)) };
    const opened = await adapters.openSession(next, element, whileOpen(listener, signal), signal);
    if (!opened.ok) return opened;
    if (signal.aborted) {
      opened.value.close();
      return fail(stoppedEarly);
    }
    session = opened.value;
    const tick = () => show(withMeasures(store.getState(), opened.value));
    signal.addEventListener("abort", adapters.every(tickIntervalMs, tick), { once: true });
    void watchEnd(opened.value, signal, (failure) =>
      failure === null ? end({ phase: "idle", setup: store.getState().setup }) : refuse(failure),
    );
    return untilMeasuring(store, signal);
  };

  const start = async (given: Partial<ReceiverSetup> = {}): Promise<Result<null>> => {
    const ready = toReady(store.getState().setup, given, video);
    if (!ready.ok) {
      refuse(ready.failure);
      return ready;
    }
    end({ phase: "joining", setup: ready.value.setup, state: "asking the server" });
    receiving = new AbortController();
    const { signal } = receiving;
    try {
      const opened = await open(ready.value.setup, ready.value.video, signal);
      if (!opened.ok && !signal.aborted) refuse(opened.failure);
      return opened;
    } catch (error) {
      // Ways reject with the signal's reason when aborted; anything else is a bug.
      if (signal.aborted) return fail(stoppedEarly);
      throw error;
    }
  };

  return {
    store,
    start,
    refuse,
    attach: (element) => {
      video = element;
    },
    configure: (change) => {
      const complete = completeReceiverSetup(store.getState().setup, change);
      if (complete.ok) show({ ...store.getState(), setup: complete.value });
    },
    stop: () => end({ phase: "idle", setup: store.getState().setup }),
    togglePause: () => show(withPauseToggled(store.getState(), session)),
    mark: (note) => session?.mark(note),
    reset: () => {
      session?.reset();
      show(withMeasures(store.getState(), session));
    },
    session: () => session,
    snapshot: () => withMeasures(store.getState(), session, "even while paused"),
  };
}

const stoppedEarly: Failure = {
  kind: "ended-early",
  what: "joining the stream",
  where: "this page",
  next: "It was stopped before the first picture came: join again.",
};

const noVideo: Failure = {
  kind: "refused-input",
  what: "joining the stream",
  where: "this page",
  next: "Wait until the page is ready: await streamgauge.ready().",
};

function toReady(
  setup: ReceiverSetup,
  given: Partial<ReceiverSetup>,
  video: HTMLVideoElement | null,
): Result<{ readonly setup: ReceiverSetup; readonly video: HTMLVideoElement }> {
  const complete = completeReceiverSetup(setup, given);
  if (!complete.ok) return complete;
  const join = checkJoinCode(complete.value.join);
  if (!join.ok) return join;
  return video === null ? fail(noVideo) : succeed({ setup: complete.value, video });
}

function whileOpen(listener: { readonly onState: (state: PlayState) => void }, signal: AbortSignal) {
  return {
    onState: (state: PlayState) => {
      if (!signal.aborted) listener.onState(state);
    },
  };
}

async function watchEnd(session: Session, signal: AbortSignal, tell: (failure: Failure | null) => void) {
  const failure = await session.ended;
  if (!signal.aborted) tell(failure);
}

/** The connection's words in the state: while joining as they are, while measuring as connected, lost or reconnecting. */
function withConnection(current: ReceiverSnapshot, { state, why }: PlayState): ReceiverSnapshot {
  if (current.phase === "joining") return { ...current, state: why === "" ? state : `${state}: ${why}` };
  if (current.phase !== "measuring") return current;
  const shown = state === "connected" ? "connected" : state === "connecting" ? "reconnecting" : "lost";
  return { ...current, connection: { state: shown, why } };
}

/** The state with measures of now: a first displayed frame turns joining into measuring; a paused view stays as it is. */
function withMeasures(
  current: ReceiverSnapshot,
  session: Session | null,
  pausing: "frozen while paused" | "even while paused" = "frozen while paused",
): ReceiverSnapshot {
  if (session === null || (current.phase !== "joining" && current.phase !== "measuring")) return current;
  if (current.phase === "measuring")
    return current.paused && pausing === "frozen while paused"
      ? current
      : { ...current, measures: session.snapshot() };
  const measures = session.snapshot();
  if (measures.reading.displayedCount === 0) return current;
  const connection = { state: "connected", why: "" } as const;
  return { phase: "measuring", setup: current.setup, connection, paused: false, measures };
}

function withPauseToggled(current: ReceiverSnapshot, session: Session | null): ReceiverSnapshot {
  if (current.phase !== "measuring") return current;
  return withMeasures({ ...current, paused: !current.paused }, session);
}

/** Resolves when the state has come to measuring, or was left on the way there. */
function untilMeasuring(store: StoreApi<ReceiverSnapshot>, signal: AbortSignal): Promise<Result<null>> {
  return new Promise((resolve) => {
    const look = (state: ReceiverSnapshot) => {
      if (state.phase === "joining") return;
      unsubscribe();
      if (state.phase === "measuring") resolve(succeed(null));
      else resolve(fail(state.phase === "failed" ? state.failure : stoppedEarly));
    };
    const unsubscribe = store.subscribe(look);
    signal.addEventListener("abort", () => resolve(fail(stoppedEarly)), { once: true });
    look(store.getState());
  });
}
