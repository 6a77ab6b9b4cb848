import { createStore, type StoreApi } from "zustand/vanilla";

import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { ReceiverSnapshot } from "../../core/wire/automation.ts";
import { checkJoinCode, completeReceiverSetup, type ReceiverSetup } from "../../core/wire/receiver-setup.ts";
import type { PlayState } from "../../media/play/way.ts";
import type { OpenSession, Session, SessionListener } from "./session-face.ts";
import { withConnection, withEnd, withMeasures, withPauseToggled } from "./transitions.ts";

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
  /** The stream being measured, or the one that has ended and was not left yet; null when there is none. */
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
  const stop = () => end({ phase: "idle", setup: store.getState().setup });
  const refuse = (failure: Failure) => end({ phase: "failed", setup: store.getState().setup, failure });
  /** What was measured of a stream outlives it: only the user lets it go. */
  const over = (failure: Failure | null) => {
    session?.halt(failure);
    const next = withEnd(store.getState(), session, failure);
    (next.phase === "measuring" ? show : end)(next);
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
    const onState = (state: PlayState) => show(withConnection(store.getState(), state));
    const opened = await openUnlessStopped(adapters, ready.value, whileOpen({ onState }, signal), signal);
    if (signal.aborted) return fail(stoppedEarly);
    if (!opened.ok) {
      refuse(opened.failure);
      return opened;
    }
    session = opened.value;
    return measure(adapters, store, session, signal, over);
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
    stop,
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

type Ready = { readonly setup: ReceiverSetup; readonly video: HTMLVideoElement };

function toReady(
  setup: ReceiverSetup,
  given: Partial<ReceiverSetup>,
  video: HTMLVideoElement | null,
): Result<Ready> {
  const complete = completeReceiverSetup(setup, given);
  if (!complete.ok) return complete;
  if (complete.value.urls.length === 0) {
    const join = checkJoinCode(complete.value.join);
    if (!join.ok) return join;
  }
  return video === null ? fail(noVideo) : succeed({ setup: complete.value, video });
}

/** Opens a session; one that was stopped on the way is closed again. */
async function openUnlessStopped(
  adapters: ReceiverAdapters,
  { setup, video }: Ready,
  listener: SessionListener,
  signal: AbortSignal,
): Promise<Result<Session>> {
  try {
    const opened = await adapters.openSession(setup, video, listener, signal);
    if (signal.aborted && opened.ok) opened.value.close();
    return opened;
  } catch (error) {
    // Ways reject with the signal's reason when aborted; anything else is a bug.
    if (signal.aborted) return fail(stoppedEarly);
    throw error;
  }
}

function whileOpen(listener: SessionListener, signal: AbortSignal): SessionListener {
  return {
    onState: (state: PlayState) => {
      if (!signal.aborted) listener.onState(state);
    },
  };
}

/** Reads the measures four times a second until the signal aborts. Resolves with the first of them. */
function measure(
  adapters: ReceiverAdapters,
  store: StoreApi<ReceiverSnapshot>,
  session: Session,
  signal: AbortSignal,
  onEnd: (failure: Failure | null) => void,
): Promise<Result<null>> {
  const tick = () => store.setState(withMeasures(store.getState(), session), true);
  signal.addEventListener("abort", adapters.every(tickIntervalMs, tick), { once: true });
  void watchEnd(session, signal, onEnd);
  return untilMeasuring(store, signal);
}

async function watchEnd(session: Session, signal: AbortSignal, tell: (failure: Failure | null) => void) {
  const failure = await session.ended;
  if (!signal.aborted) tell(failure);
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
