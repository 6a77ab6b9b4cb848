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

/** What the actions of a line-up work on. */
type Inner = {
  readonly store: StoreApi<LineupState>;
  readonly comparison: Comparison;
  readonly makeEntry: (setup: ReceiverSetup) => LineupEntry;
};

/** Makes the line-up that a setup names; nothing is started. */
export function createLineup(adapters: LineupAdapters, setup: ReceiverSetup): Lineup {
  const comparison = createComparison();
  const makeEntry = entryMaker(adapters, comparison, () => store.getState().entries.length > 1);
  const store = createStore<LineupState>(() => standing(splitSetup(setup).map(makeEntry), setup.control));
  const inner: Inner = { store, comparison, makeEntry };
  comparison.setControl(store.getState().controlId);
  return {
    store,
    comparison,
    start: (given = {}) => start(inner, given),
    stop: () => {
      for (const { receiver } of store.getState().entries) receiver.stop();
    },
    add: (sources, kind) => add(inner, sources, kind),
    remove: (id) => remove(inner, id),
    setControl: (id) => setControl(inner, id),
    select: (selectedId) => store.setState({ selectedId }),
    ...togetherOver(store, comparison),
    configure: (change) => {
      for (const { receiver } of store.getState().entries) receiver.configure(change);
    },
    refuse: (failure) => void refuse(inner, failure),
    setup: () => joinSetups(store.getState()),
    report: () => reportOf(store.getState(), comparison),
  };
}

function refuse({ store }: Inner, refusal: Failure): { readonly ok: false; readonly failure: Failure } {
  store.setState({ refusal });
  return fail(refusal);
}

function setControl({ store, comparison }: Inner, id: number): void {
  store.setState({ controlId: id });
  comparison.setControl(id);
}

function drop({ comparison }: Inner, entries: readonly LineupEntry[]): void {
  for (const { id, receiver, stills } of entries) {
    receiver.stop();
    stills.close();
    comparison.remove(id);
  }
}

function replace(inner: Inner, next: ReceiverSetup): void {
  const { store, comparison, makeEntry } = inner;
  drop(inner, store.getState().entries);
  store.setState(standing(splitSetup(next).map(makeEntry), next.control), true);
  comparison.setControl(store.getState().controlId);
}

/** As many streams as before take the places of those before. */
async function start(inner: Inner, given: Partial<ReceiverSetup>): Promise<Result<null>> {
  const { store } = inner;
  const next = completeReceiverSetup(joinSetups(store.getState()), given);
  if (!next.ok) return refuse(inner, next.failure);
  const setups = splitSetup(next.value);
  if (setups.length !== store.getState().entries.length) replace(inner, next.value);
  const { entries } = store.getState();
  store.setState({ refusal: null });
  setControl(inner, (entries[next.value.control - 1] ?? entries[0])?.id ?? 0);
  return startAll(entries, setups);
}

async function add(inner: Inner, sources: readonly PastedSource[], kind: SourceKind): Promise<Result<null>> {
  const { store, makeEntry } = inner;
  const { entries: all, controlId, selectedId } = store.getState();
  const before = keptBeside(all, sources);
  const refusal = refuseSources(before, sources);
  if (refusal !== null) return refuse(inner, refusal);
  const shared = all[0]?.receiver.store.getState().setup;
  if (shared === undefined) throw new Error("a line-up is never empty");
  const added = sources.map((source) => makeEntry(toSetup(shared, source, kind)));
  drop(
    inner,
    all.filter((entry) => !before.includes(entry)),
  );
  const entries = [...before, ...added].toSorted(roomsFirst);
  const keptId = (id: number): number =>
    entries.some((entry) => entry.id === id) ? id : (entries[0]?.id ?? 0);
  store.setState({ entries, selectedId: keptId(selectedId), refusal: null });
  setControl(inner, keptId(controlId));
  return startAll(added, []);
}

function remove(inner: Inner, id: number): void {
  const { store } = inner;
  const { entries, controlId, selectedId } = store.getState();
  const rest = entries.filter((entry) => entry.id !== id);
  const [head] = rest;
  if (head === undefined) {
    replace(inner, { ...joinSetups(store.getState()), join: "", urls: [], kinds: [], control: 1 });
    return;
  }
  drop(
    inner,
    entries.filter((entry) => entry.id === id),
  );
  store.setState({ entries: rest, selectedId: selectedId === id ? head.id : selectedId });
  setControl(inner, controlId === id ? head.id : controlId);
}

function isPaused({ store }: LineupEntry["receiver"]): boolean {
  const state = store.getState();
  return state.phase === "measuring" && state.paused;
}

/** What is done to all streams at once. */
function togetherOver(
  store: StoreApi<LineupState>,
  comparison: Comparison,
): Pick<Lineup, "togglePause" | "mark" | "reset"> {
  const receivers = (): readonly LineupEntry["receiver"][] =>
    store.getState().entries.map(({ receiver }) => receiver);
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

/** All begin at once, each with the setup of its place if there is one; the first that fails is told, the others go on. */
async function startAll(
  entries: readonly LineupEntry[],
  setups: readonly ReceiverSetup[],
): Promise<Result<null>> {
  const started = await Promise.all(
    entries.map(({ receiver }, index) => receiver.start(setups[index] ?? {})),
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
