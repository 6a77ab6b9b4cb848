import { describe, expect, it } from "vitest";

import { kindOfBeginning, sniffKind } from "./sniff.ts";

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const never = new AbortController().signal;

describe("an address without a telling ending", () => {
  it.each([
    ["#EXTM3U\n#EXT-X-VERSION:9", "text/plain", "hls"],
    ['<?xml version="1.0"?>\n<!-- made by x -->\n<MPD type="dynamic">', "text/xml", "dash"],
    ["\0\0\0\u0018ftypisom", "application/octet-stream", "file"],
    ["\u001aE\u00df\u00a3", "", "file"],
    ["", "application/vnd.apple.mpegurl; charset=utf-8", "hls"],
    ["", "application/dash+xml", "dash"],
    ["xxxx", "video/mp4", "file"],
    ["<!doctype html><title>Watch</title>", "text/html", null],
  ])("that begins with %j as %s is %s", (text, type, kind) => {
    expect(kindOfBeginning(bytes(text), type)).toBe(kind);
  });

  it("that takes no GET is tried as a WHEP endpoint", async () => {
    const kind = await sniffKind(
      async () => new Response(null, { status: 405 }),
      new URL("https://a.example/x"),
      never,
    );
    expect(kind).toEqual({ ok: true, value: "whep" });
  });

  it.each([
    [
      "is a page",
      async () => new Response("<html>", { headers: { "content-type": "text/html" } }),
      "text/html",
    ],
    ["is not there", async () => new Response(null, { status: 404 }), "404"],
    [
      "is kept from this page",
      async (_url: string, init: RequestInit) => {
        if (init.mode === "no-cors") return new Response("x");
        throw new TypeError("Failed to fetch");
      },
      "CORS",
    ],
    [
      "redirects in circles",
      async (_url: string, init: RequestInit) => {
        if (init.redirect === "manual") return { type: "opaqueredirect", body: null } as Response;
        throw new TypeError("Failed to fetch");
      },
      "redirects",
    ],
    ["is not reachable", () => Promise.reject(new TypeError("Failed to fetch")), "cannot be reached"],
  ])("that %s is refused in words of its own", async (_what, fetch, words) => {
    const kind = await sniffKind(fetch, new URL("https://a.example/x?secret=1"), never);
    expect(kind).toMatchObject({ ok: false, failure: { where: "a.example/x" } });
    expect(kind.ok ? "" : kind.failure.cause).toContain(words);
  });

  it("is looked at no further than its beginning", async () => {
    let pulledCount = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulledCount += 1;
        controller.enqueue(bytes("#EXTM3U\n".repeat(128)));
      },
    });
    await sniffKind(async () => new Response(endless), new URL("https://a.example/x"), never);
    expect(pulledCount).toBeLessThan(5);
  });
});
