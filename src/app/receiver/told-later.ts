import type { StoreApi } from "zustand/vanilla";

/** A store that is only read and listened to. */
export type ReadStore<State> = Pick<StoreApi<State>, "getState" | "getInitialState" | "subscribe">;

/**
 * A store's other face, which tells of changes some time later: of the first `delayMs` after it, of those that came meanwhile
 * with it; all listeners in one task. What is read of it is always the state of now.
 */
export function toldLater<State>(store: ReadStore<State>, delayMs: number): ReadStore<State> {
  const listeners = new Set<(state: State, before: State) => void>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let unsubscribe: (() => void) | null = null;
  const onChange = (_: State, before: State): void => {
    timer ??= setTimeout(() => {
      timer = null;
      for (const listener of listeners) listener(store.getState(), before);
    }, delayMs);
  };
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: (listener) => {
      listeners.add(listener);
      unsubscribe ??= store.subscribe(onChange);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        unsubscribe?.();
        unsubscribe = null;
        if (timer !== null) clearTimeout(timer);
        timer = null;
      };
    },
  };
}
