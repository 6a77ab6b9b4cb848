import { createStore, type StoreApi } from "zustand/vanilla";

import type { Failure } from "../../core/failure.ts";
import type { Asked } from "../../media/link/runs.ts";

/** Something that the server is asked for. */
export type Loading<Value> =
  | { readonly phase: "loading" }
  /** The server wants its token; `failure` says so. */
  | { readonly phase: "locked"; readonly failure: Failure }
  | { readonly phase: "failed"; readonly failure: Failure }
  | { readonly phase: "ready"; readonly value: Value };

/** What is asked for, and how to ask again. */
export type Loader<Value> = {
  readonly store: StoreApi<Loading<Value>>;
  /** Asks anew; what is shown stays until the answer is there. Resolves then. */
  readonly reload: () => Promise<void>;
};

/** Asks at once. Only the answer to the newest question counts. */
export function createLoader<Value>(ask: () => Promise<Asked<Value>>): Loader<Value> {
  const store = createStore<Loading<Value>>(() => ({ phase: "loading" }));
  let asked = 0;
  const reload = async () => {
    asked += 1;
    const mine = asked;
    const answer = await ask();
    if (mine === asked) store.setState(toLoading(answer), true);
  };
  void reload();
  return { store, reload };
}

function toLoading<Value>(answer: Asked<Value>): Loading<Value> {
  if (answer.ok) return { phase: "ready", value: answer.value };
  return { phase: "locked" in answer ? "locked" : "failed", failure: answer.failure };
}
