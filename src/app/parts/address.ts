/** Puts a setup into the page's address without a step in its history, so that a reload or a copied address repeats it. */
export function showInAddress(query: string): void {
  history.replaceState(null, "", query === "" ? location.pathname : `${location.pathname}?${query}`);
}

/**
 * What `start` shall say in the address: a page that works begins again on reload, one that was stopped does not, and a
 * failed one keeps what stood there.
 */
export function startInAddress(phase: string, before: boolean): boolean {
  if (phase === "failed") return before;
  return phase !== "idle";
}
