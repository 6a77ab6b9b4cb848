import type { Result } from "../../core/failure.ts";

/** The jobs of one worker: by name what is asked and what is answered. Both must be structured-cloneable. */
export type JobShapes = {
  readonly [name: string]: { readonly request: unknown; readonly answer: unknown };
};

/** What the page asks; one at a time. */
export type JobCall = {
  readonly callId: number;
  readonly name: string;
  readonly request: unknown;
};

/** What the worker answers. */
export type JobAnswer = { readonly callId: number; readonly result: Result<unknown> };
