/**
 * A figure with how sure it is, or the reason why there is none. The unit is in the name of the field that
 * holds it (`latencyMs: Measured`). `bound` is the half-width that the true value is claimed to lie within,
 * in the same unit; 0 means exact (a count).
 */
export type Measured =
  | { readonly known: true; readonly value: number; readonly bound: number }
  | { readonly known: false; readonly why: string };

/** A figure known to within `bound` (same unit as `value`). */
export function measured(value: number, bound: number = 0): Measured {
  return { known: true, value, bound };
}

/** A figure that cannot be had, and why, in the user's words. */
export function missing(why: string): Measured {
  return { known: false, why };
}
