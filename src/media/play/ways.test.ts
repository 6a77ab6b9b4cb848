import { describe, expect, it } from "vitest";

import { publishWays } from "../publish/ways.ts";
import type { PlayOptions, PlayTarget } from "./way.ts";
import { playWays, wayFor } from "./ways.ts";

const aborted = AbortSignal.abort(new Error("changed my mind"));
const options = { listener: {}, video: {} } as PlayOptions;
const garbage: readonly PlayTarget[] = [
  { kind: "join", join: "" },
  { kind: "join", join: "<script>" },
  { kind: "url", url: new URL("about:blank") },
];

describe("every way in", () => {
  it("has an id and a label of its own", () => {
    for (const key of ["id", "label"] as const) {
      expect(new Set(playWays.map((way) => way[key])).size).toBe(playWays.length);
    }
  });

  it.each(playWays.map((way) => [way.id, way] as const))("%s settles on abort", async (_id, way) => {
    const open = await way.load();
    await expect(open({ kind: "join", join: "ABCD1234" }, options, aborted)).rejects.toThrow(
      "changed my mind",
    );
  });

  it.each(playWays.map((way) => [way.id, way] as const))("%s refuses garbage in words", async (_id, way) => {
    const open = await way.load();
    for (const target of garbage) {
      const opened = await open(target, options, new AbortController().signal);
      expect(opened).toMatchObject({ ok: false, failure: { kind: "refused-input" } });
    }
  });

  it("claims nothing that nobody can play", () => {
    expect(wayFor({ kind: "url", url: new URL("about:blank") })).toBeNull();
  });

  it.each([
    ["https://cdn.example/live/index.m3u8?sig=1", "hls"],
    ["https://cdn.example/live/manifest.MPD", "dash"],
    ["https://sfu.example/whep/stream-1", "whep"],
    ["https://sfu.example/stream-1/whep", "whep"],
    ["https://cdn.example/a.mp4", "file"],
    ["https://cdn.example/a.webm#t=3", "file"],
    ["blob:https://gauge.example/3f", "file"],
    ["screen:", "screen"],
    ["camera:", "camera"],
    ["https://cdn.example/watch?v=1", undefined],
    ["https://cdn.example/whepard/a", undefined],
  ])("is found for %s: %s", (address, id) => {
    expect(wayFor({ kind: "url", url: new URL(address) })?.id).toBe(id);
  });

  it("is the one that is forced, whatever the address looks like", () => {
    const url = new URL("https://cdn.example/a.mp4");
    expect(wayFor({ kind: "url", url, by: "hls" })?.id).toBe("hls");
  });

  it("is found for a join code by the way made for it", () => {
    expect(wayFor({ kind: "join", join: "ABCD1234" })?.id).toBe("peer");
  });
});

describe("every way out", () => {
  it("has an id and a label of its own", () => {
    for (const key of ["id", "label"] as const) {
      expect(new Set(publishWays.map((way) => way[key])).size).toBe(publishWays.length);
    }
  });

  it("is named by an id that stands in a link", () => {
    for (const { id } of publishWays) expect(id).toMatch(/^[a-z]{2,12}$/);
  });

  it.each(publishWays.map((way) => [way.id, way] as const))("%s settles on abort", async (_id, way) => {
    const publish = await way.load();
    const [source, setup, facts, listener] = [{}, {}, {}, {}] as unknown as Parameters<typeof publish>;
    await expect(publish(source, setup, facts, listener, aborted)).rejects.toThrow("changed my mind");
  });
});
