import type { FetchAdapters } from "./bounded-fetch.ts";

/** Why a request had no answer that the page may see. */
export type NoAnswer = "cors" | "redirects" | "unreachable";

/** Longest wait for each of the two probes, ms. */
const probeMs = 4000;

/** In words, and what to do. */
export const noAnswerWords: Readonly<Record<NoAnswer, { readonly why: string; readonly next: string }>> = {
  cors: {
    why: "the server answers, but does not allow this page to read the answer (CORS)",
    next: "Have the server send Access-Control-Allow-Origin, or measure its player page by sharing its tab.",
  },
  redirects: {
    why: "the server redirects, and following it fails: in circles, or to where this page may not read",
    next: "Paste the address that the redirect should lead to.",
  },
  unreachable: {
    why: "the server cannot be reached",
    next: "Check the address, the network, and whether an https page may load from it (http is blocked there).",
  },
};

/**
 * Finds out why an address that the page could not read gave no answer, by two requests: one whose answer the page cannot see
 * tells that somebody answers, one that follows no redirect tells that there is one (Fetch standard: browsers do not say).
 */
export async function diagnoseNoAnswer(
  fetch: FetchAdapters["fetch"],
  url: string,
  signal: AbortSignal,
): Promise<NoAnswer> {
  const answers = async (init: RequestInit): Promise<Response | null> => {
    const probe = AbortSignal.any([signal, AbortSignal.timeout(probeMs)]);
    try {
      const response = await fetch(url, { ...init, signal: probe, cache: "no-store", credentials: "omit" });
      await response.body?.cancel();
      return response;
    } catch {
      // That there is no answer is the answer.
      signal.throwIfAborted();
      return null;
    }
  };
  if ((await answers({ mode: "no-cors" })) !== null) return "cors";
  const manual = await answers({ redirect: "manual" });
  return manual?.type === "opaqueredirect" ? "redirects" : "unreachable";
}
