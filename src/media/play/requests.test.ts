import { describe, expect, it } from "vitest";

import { cacheWordOf, createRequests } from "./requests.ts";

describe("what caches say", () => {
  it.each([
    [{ "x-cache": "Hit from cloudfront" }, "hit"],
    [{ "x-cache": "TCP_MISS from a" }, "miss"],
    [{ "cf-cache-status": "DYNAMIC" }, "miss"],
    [{ "cache-status": "edge; hit; ttl=3" }, "hit"],
    [{}, undefined],
  ])("%j is a %s", (headers, kind) => {
    expect(cacheWordOf(new Headers(headers as Record<string, string>))?.kind).toBe(kind);
  });

  it("is missing, with the reason, where headers are hidden", () => {
    const requests = createRequests();
    requests.add({ times: { startMs: 0, firstMs: 20, endMs: 50 }, byteCount: 1000, headers: new Headers() });
    expect(requests.read()).toMatchObject({
      firstByteMs: { known: true, value: 20 },
      wholeMs: { known: true, value: 50 },
      ageS: { known: false },
      cacheHitRatio: { known: false },
    });
  });
});
