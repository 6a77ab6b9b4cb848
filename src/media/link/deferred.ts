/** A promise that is settled from outside; only the first `settle` counts. It never rejects. */
export type Deferred<Value> = {
  readonly promise: Promise<Value>;
  readonly settle: (value: Value) => void;
};

/** Makes a promise that waits to be settled. */
export function createDeferred<Value>(): Deferred<Value> {
  const holder: { resolve: ((value: Value) => void) | null } = { resolve: null };
  const promise = new Promise<Value>((resolve) => {
    holder.resolve = resolve;
  });
  return { promise, settle: (value) => holder.resolve?.(value) };
}
