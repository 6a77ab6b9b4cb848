/** Something wrong with a plan: where, as keys from the outside in, and what to write. */
export type PlanProblem = { readonly path: readonly (string | number)[]; readonly words: string };
