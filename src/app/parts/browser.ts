import { toPageMs, type PageMs } from "../../core/clock/instants.ts";

/** Calls again and again until the answer is called. */
export function every(intervalMs: number, call: () => void): () => void {
  const timer = setInterval(call, intervalMs);
  return () => clearInterval(timer);
}

/** Tells at once, and at every change, whether this page is hidden, until the answer is called. */
export function watchHidden(call: (isHidden: boolean) => void): () => void {
  const tell = (): void => call(document.visibilityState === "hidden");
  document.addEventListener("visibilitychange", tell);
  tell();
  return () => document.removeEventListener("visibilitychange", tell);
}

/** This page's clock. */
export function pageNowMs(): PageMs {
  return toPageMs(performance.now());
}
