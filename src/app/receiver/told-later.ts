import type { StoreApi } from "zustand/vanilla";

/** A store that is only read and listened to. */
export type ReadStore<State> = Pick<StoreApi<State>, "getState" | "getInitialState" | "subscribe">;

/**
 * A store's other face, which tells of changes some time later: of the first `delayMs` after it, of those that came meanwhile
 * with it. What is read of it is always the state of now.
 */
export function toldLater<State>(store: ReadStore<State>, delayMs: number): ReadStore<State> {
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: (listener) => {
      let timer: ReturnType<typeof setTimeout> | null = null;
      const unsubscribe = store.subscribe((_, before) => {
        timer ??= setTimeout(() => {
          timer = null;
          listener(store.getState(), before);
        }, delayMs);
      });
      return () => {
        if (timer !== null) clearTimeout(timer);
        unsubscribe();
      };
    },
  };
}
