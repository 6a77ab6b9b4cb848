import { createStore, type StoreApi } from "zustand/vanilla";

import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import { createComparison, type Comparison } from "../../core/timeline/differential.ts";
import type { StreamReport } from "../../core/wire/automation.ts";
import { completeReceiverSetup, type ReceiverSetup } from "../../core/wire/receiver-setup.ts";
import type { PastedSource, SourceKind } from "../../core/wire/source.ts";
import { entryMaker, type LineupAdapters, type LineupEntry } from "./lineup-entry.ts";
import { joinSetups, labelOf, splitSetup } from "./lineup-setup.ts";
import { keptBeside, refuseSources, roomsFirst, toSetup } from "./lineup-sources.ts";

/** The streams of the page: at least one, which may not be started yet. */
export type LineupState = {
  readonly entries: readonly LineupEntry[];
  /** Id of the control. */
  readonly controlId: number;
  /** Id of the stream whose details are shown. */
  readonly selectedId: number;
  /** Why the last thing asked of the line-up was refused; null when it was not. */
  readonly refusal: Failure | null;
};

/** The receiver tab's streams, measured side by side. */
export type Lineup = {
  readonly store: StoreApi<LineupState>;
  readonly comparison: Comparison;
  /** Measures what a setup names, instead of what was measured. Resolves when all of it is displayed, or with the first failure. */
  readonly start: (given?: Partial<ReceiverSetup>) => Promise<Result<null>>;
  readonly stop: () => void;
  /** Adds streams beside those there are, and starts them. */
  readonly add: (sources: readonly PastedSource[], kind: SourceKind) => Promise<Result<null>>;
  readonly remove: (id: number) => void;
  readonly setControl: (id: number) => void;
  readonly select: (id: number) => void;
  /** Freezes what is shown of all streams, or goes on showing; measuring goes on. */
  readonly togglePause: () => void;
  /** Marks this moment in all streams with a note. */
  readonly mark: (note: string) => void;
  /** Measures all streams afresh from now on. */
  readonly reset: () => void;
  /** Changes what all streams share. */
  readonly configure: (change: Partial<ReceiverSetup>) => void;
  readonly refuse: (failure: Failure) => void;
  /** The setup that names all streams. */
  readonly setup: () => ReceiverSetup;
  readonly report: () => readonly StreamReport[];
};

/** Makes the line-up that a setup names; nothing is started. */
export function createLineup(adapters: LineupAdapters, setup: ReceiverSetup): Lineup {
  const comparison = createComparison();
  const makeEntry = entryMaker(adapters, comparison);
  const first = splitSetup(setup).map(makeEntry);
  const store = createStore<LineupState>(() => standing(first, setup.control));
  comparison.setControl(store.getState().controlId);
  const drop = (entries: readonly LineupEntry[]): void => {
    for (const { id, receiver, stills } of entries) {
      receiver.stop();
      stills.close();
      comparison.remove(id);
    }
  };
  const setControl = (id: number): void => {
    store.setState({ controlId: id });
    comparison.setControl(id);
  };
  const currentSetup = (): ReceiverSetup => joinSetups(store.getState());
  const refuse = (refusal: Failure): { readonly ok: false; readonly failure: Failure } => {
    store.setState({ refusal });
    return fail(refusal);
  };
  const replace = (next: ReceiverSetup): void => {
    drop(store.getState().entries);
    const entries = splitSetup(next).map(makeEntry);
    store.setState(standing(entries, next.control), true);
    comparison.setControl(store.getState().controlId);
  };

  return {
    store,
    comparison,
    start: async (given = {}) => {
      const next = completeReceiverSetup(currentSetup(), given);
      if (!next.ok) return refuse(next.failure);
      store.setState({ refusal: null });
      if (store.getState().entries.length > 1 || splitSetup(next.value).length > 1) replace(next.value);
      return startAll(store.getState().entries, next.value);
    },
    stop: () => {
      for (const { receiver } of store.getState().entries) receiver.stop();
    },
    add: async (sources, kind) => {
      const before = keptBeside(store.getState().entries, sources);
      const refusal = refuseSources(before, sources);
      if (refusal !== null) return refuse(refusal);
      const shared = store.getState().entries[0]?.receiver.store.getState().setup;
      if (shared === undefined) throw new Error("a line-up is never empty");
      const added = sources.map((source) => makeEntry(toSetup(shared, source, kind)));
      drop(store.getState().entries.filter((entry) => !before.includes(entry)));
      const entries = [...before, ...added].toSorted(roomsFirst);
      const { controlId, selectedId } = store.getState();
      const isKept = (id: number): boolean => entries.some((entry) => entry.id === id);
      const firstId = entries[0]?.id ?? 0;
      const selected = isKept(selectedId) ? selectedId : firstId;
      store.setState({ entries, selectedId: selected, refusal: null });
      setControl(isKept(controlId) ? controlId : firstId);
      return startAll(added, null);
    },
    remove: (id) => {
      const { entries, controlId, selectedId } = store.getState();
      const rest = entries.filter((entry) => entry.id !== id);
      drop(entries.filter((entry) => entry.id === id));
      const [head] = rest;
      if (head === undefined) {
        replace({ ...currentSetup(), join: "", urls: [], kinds: [], control: 1 });
        return;
      }
      store.setState({ entries: rest, selectedId: selectedId === id ? head.id : selectedId });
      setControl(controlId === id ? head.id : controlId);
    },
    setControl,
    select: (selectedId) => store.setState({ selectedId }),
    ...togetherOver(store, comparison),
    configure: (change) => {
      for (const { receiver } of store.getState().entries) receiver.configure(change);
    },
    refuse: (failure) => void refuse(failure),
    setup: currentSetup,
    report: () => reportOf(store.getState(), comparison),
  };
}

/** What is done to all streams at once. */
function togetherOver(
  store: StoreApi<LineupState>,
  comparison: Comparison,
): Pick<Lineup, "togglePause" | "mark" | "reset"> {
  const receivers = (): readonly LineupEntry["receiver"][] =>
    store.getState().entries.map(({ receiver }) => receiver);
  const isPaused = ({ store: own }: LineupEntry["receiver"]): boolean => {
    const state = own.getState();
    return state.phase === "measuring" && state.paused;
  };
  return {
    togglePause: () => {
      const all = receivers();
      const wasPaused = all.some(isPaused);
      for (const receiver of all) if (isPaused(receiver) === wasPaused) receiver.togglePause();
    },
    mark: (note) => {
      for (const receiver of receivers()) receiver.mark(note);
    },
    reset: () => {
      for (const receiver of receivers()) receiver.reset();
      comparison.reset();
    },
  };
}

function standing(entries: readonly LineupEntry[], control: number): LineupState {
  const [head] = entries;
  if (head === undefined) throw new Error("a line-up is never empty");
  const controlId = (entries[control - 1] ?? head).id;
  return { entries, controlId, selectedId: controlId, refusal: null };
}

/** All begin at once; the first that fails is told, the others go on. */
async function startAll(entries: readonly LineupEntry[], setup: ReceiverSetup | null): Promise<Result<null>> {
  const started = await Promise.all(
    entries.map(({ receiver }) => receiver.start(setup === null || entries.length > 1 ? {} : setup)),
  );
  return started.find((result) => !result.ok) ?? succeed(null);
}

function reportOf({ entries, controlId }: LineupState, comparison: Comparison): readonly StreamReport[] {
  return entries.map(({ id, receiver }, index) => {
    const session = receiver.session();
    return {
      number: index + 1,
      label: labelOf(receiver.store.getState().setup),
      kind: session?.way ?? "",
      isControl: id === controlId,
      snapshot: receiver.snapshot(),
      differentialMs: comparison.read(id),
      delivery: session?.delivery() ?? null,
      clockWords: session?.clockWords() ?? null,
      events: session?.events() ?? [],
    };
  });
}
