import type { Comparison } from "../../core/timeline/differential.ts";
import type { Observation } from "../../core/timeline/observation.ts";
import type { ReceiverSetup } from "../../core/wire/receiver-setup.ts";
import type { Stills } from "../../media/play/stills.ts";
import { createReceiver, type Receiver, type ReceiverAdapters } from "./receiver-store.ts";
import type { OpenSession } from "./session-face.ts";

/** One stream of the page. */
export type LineupEntry = {
  /** Never given again on this page. */
  readonly id: number;
  readonly receiver: Receiver;
  /** Shows the stream; owned here, put where the page wants it. */
  readonly video: HTMLVideoElement;
  readonly stills: Stills;
};

/** What a line-up needs of the browser. */
export type LineupAdapters = ReceiverAdapters & {
  readonly createVideo: () => HTMLVideoElement;
  readonly createStills: (video: HTMLVideoElement, isWanted: () => boolean) => Stills;
};

/** Makes entries with ids from 1 on; what they display is told to the comparison. Nothing is started. */
export function entryMaker(
  adapters: LineupAdapters,
  comparison: Comparison,
  isSeveral: () => boolean,
): (setup: ReceiverSetup) => LineupEntry {
  let nextId = 1;
  return (setup) => {
    const id = nextId;
    nextId += 1;
    const video = adapters.createVideo();
    const stills = adapters.createStills(video, isSeveral);
    comparison.add(id);
    const onObservation = (observation: Observation): void => {
      comparison.observe(id, observation);
      stills.see(observation);
    };
    const openSession: OpenSession = (asked, element, listener, signal) =>
      adapters.openSession(asked, element, { ...listener, onObservation }, signal);
    const receiver = createReceiver({ ...adapters, openSession }, setup);
    receiver.attach(video);
    return { id, receiver, video, stills };
  };
}

/** Calls `call` whenever the streams of a line-up or the state of one of them change, until the answer is called. */
export function watchEntries(
  store: {
    readonly getState: () => { readonly entries: readonly LineupEntry[] };
    readonly subscribe: (call: () => void) => () => void;
  },
  call: () => void,
): () => void {
  let undoings: readonly (() => void)[] = [];
  let watched: readonly LineupEntry[] = [];
  const follow = (): void => {
    const { entries } = store.getState();
    if (entries === watched) return;
    for (const undo of undoings) undo();
    watched = entries;
    undoings = entries.map(({ receiver }) => receiver.store.subscribe(call));
  };
  follow();
  const unsubscribe = store.subscribe(() => {
    follow();
    call();
  });
  return () => {
    unsubscribe();
    for (const undo of undoings) undo();
  };
}
