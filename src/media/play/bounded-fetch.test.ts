import { describe, expect, it } from "vitest";

import { fetchBounded, type FetchBounds } from "./bounded-fetch.ts";

const bounds: FetchBounds = { maxBytes: 1000, firstByteMs: 30, wholeMs: 60 };
const never = new AbortController().signal;

/** A server that answers as it is told; it ends when it is aborted, as fetch does. */
function fetchFrom(answer: () => Response | null) {
  const fetch = (_url: string, { signal }: RequestInit): Promise<Response> =>
    new Promise<Response>((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      const response = answer();
      if (response !== null) resolve(response);
    });
  return fetchBounded({ fetch, nowMs: () => performance.now() }, "https://a.example/s", bounds, {
    signal: never,
  });
}

function endless(everyMs: number): Response {
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      controller.enqueue(new Uint8Array(100));
    },
  });
  return new Response(body);
}

describe("a bounded request", () => {
  it("gives the bytes of what is small and quick", async () => {
    expect(await fetchFrom(() => new Response("#EXTM3U"))).toMatchObject({ kind: "ok", status: 200 });
  });

  it.each<readonly [what: string, answer: () => Response | null, kind: string]>([
    ["never ends", () => endless(0), "too-large"],
    [
      "says that it is large",
      () => new Response("x", { headers: { "content-length": "50000000" } }),
      "too-large",
    ],
    ["is not there", () => new Response(null, { status: 404 }), "status"],
    ["never begins", () => null, "too-slow"],
  ])("ends by itself when the answer %s", async (_what, answer, kind) => {
    expect((await fetchFrom(answer)).kind).toBe(kind);
  });

  it("tells no answer with the browser's words", async () => {
    const fetch = (): Promise<Response> => Promise.reject(new TypeError("Failed to fetch"));
    const adapters = { fetch, nowMs: () => 0 };
    expect(await fetchBounded(adapters, "https://a.example/", bounds, { signal: never })).toEqual({
      kind: "no-answer",
      cause: "Failed to fetch",
    });
  });

  it("rejects with the caller's own reason on abort, and only then", async () => {
    const signal = AbortSignal.abort(new Error("changed my mind"));
    const adapters = { fetch: () => Promise.reject(new Error("aborted")), nowMs: () => 0 };
    await expect(fetchBounded(adapters, "https://a.example/", bounds, { signal })).rejects.toThrow(
      "changed my mind",
    );
  });
});
