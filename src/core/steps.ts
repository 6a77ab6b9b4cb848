/** Work that can be rested from: it comes to a point every so often where nothing is half done. */
export type Steps<Value> = Generator<void, Value, void>;

/** Does all of it at once. */
export function allAtOnce<Value>(steps: Steps<Value>): Value {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
