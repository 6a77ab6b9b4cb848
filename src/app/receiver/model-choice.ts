import { createStore, type StoreApi } from "zustand/vanilla";

import type { SvrModel } from "../../core/quality/svr-model.ts";

/** What live scores are made by. It stands in no link and is kept nowhere: it goes when the page does. */
export type ModelChoice = {
  readonly store: StoreApi<{
    /** Null: the built-in map. */
    readonly model: SvrModel | null;
  }>;
  readonly choose: (model: SvrModel | null) => void;
};

/** Makes a choice of the built-in map; `tell` hears of every other. */
export function createModelChoice(tell: (model: SvrModel | null) => void): ModelChoice {
  const store = createStore<{ readonly model: SvrModel | null }>(() => ({ model: null }));
  return {
    store,
    choose: (model) => {
      if (model === store.getState().model) return;
      store.setState({ model });
      tell(model);
    },
  };
}
