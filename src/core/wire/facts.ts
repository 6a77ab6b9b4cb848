/**
 * Facts of a run, for viewers that have no data channel to its sender: whoever reads run number N off a marker asks its own
 * server for `/api/facts/N`. The sender keeps them fresh by PUT with `Authorization: Bearer <key>`, a key of its own choice;
 * the first PUT of a run binds the run to its key. The body, both ways, is JSON of `StreamFacts`.
 */
export const factsPathPrefix = "/api/facts/";

/** A run number in a path, as written in decimals. */
export const runNumberPattern: RegExp = /^(?:0|[1-9]\d{0,5})$/;

/** What a sender may choose as its key. */
export const factsKeyPattern: RegExp = /^[A-Za-z0-9_-]{22,64}$/;

/** Largest body of a PUT, bytes. */
export const maxFactsBytes: number = 2048;

/** Facts that were not put again for so long are dropped, ms. */
export const factsLifeMs: number = 60_000;
