import { toPageMs, type PageMs } from "../../core/clock/instants.ts";

/** Calls again and again until the answer is called. */
export function every(intervalMs: number, call: () => void): () => void {
  const timer = setInterval(call, intervalMs);
  return () => clearInterval(timer);
}

/** This page's clock. */
export function pageNowMs(): PageMs {
  return toPageMs(performance.now());
}
