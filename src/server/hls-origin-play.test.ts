import { afterEach, describe, expect, it } from "vitest";

import { reduceLive, toMediaPlaylist, type LivePlaylist } from "../core/hls/live.ts";
import { writeMediaPlaylist } from "../core/hls/write.ts";
import { createFakeClock } from "./clock.fake.ts";
import type { OriginLimits } from "./hls-origin/limits.ts";
import {
  liveWith,
  refusalOf,
  startOrigin,
  textOf,
  type TestOrigin,
  type TestStream,
} from "./hls-origin/serve.fake.ts";

const clock = createFakeClock();
const opened: TestOrigin[] = [];
async function start(limits: Partial<OriginLimits> = {}): Promise<TestOrigin> {
  const origin = await startOrigin({ clock, limits });
  opened.push(origin);
  return origin;
}
afterEach(async () => {
  for (const origin of opened.splice(0)) await origin.close();
});

describe("memory", () => {
  it("holds what the playlist lists and little more, however long a stream runs", async () => {
    const origin = await start();
    const stream = await origin.create();
    await stream.put("init.mp4", "i");
    let live = liveWith(0);
    for (let second = 0; second < 40; second += 1) {
      const msn = live.mediaSequence + live.segments.length;
      for (let part = 0; part < 5; part += 1) await stream.put(`${msn}.${part}.m4s`, "x".repeat(20));
      await stream.put(`${msn}.m4s`, "x".repeat(100));
      live = liveWith(5, live);
      await stream.put("live.m3u8", textOf(live));
      clock.advance(1000);
    }
    const listed = [...textOf(live).matchAll(/(?<=^|")[^"#\n]+m[4p][s4](?="|$)/gm)].map(([name]) => name);
    expect(listed).toHaveLength(4 + 4 * 5 + 1 + 1);
    for (const name of new Set(listed.filter((each) => each !== "40.0.m4s"))) {
      expect((await stream.get(name)).status).toBe(200);
    }
    const { fileCount } = origin.origin.census();
    // The playlist, the map, four segments and their parts, and three target durations more of both.
    expect(fileCount).toBeLessThanOrEqual(2 + 8 * 6);
    expect((await stream.get("10.m4s")).status).toBe(404);
  });

  it("is refused past a stream's share and past the whole, and no stream takes what another holds", async () => {
    const origin = await start({ maxStreamBytes: 1000, maxTotalBytes: 1500 });
    const [one, two] = [await origin.create(), await origin.create()];
    expect((await one.put("a.m4s", "x".repeat(900))).status).toBe(201);
    expect(await refusalOf(await one.put("b.m4s", "x".repeat(200)))).toBe(507);
    expect(await refusalOf(await two.put("a.m4s", "x".repeat(700)))).toBe(507);
    expect((await two.put("a.m4s", "x".repeat(500))).status).toBe(201);
    expect(origin.origin.census().heldBytes).toBe(1400);
  });

  it("is given back by files that no playlist lists, and by streams that fall idle", async () => {
    const origin = await start();
    const stream = await origin.create();
    await stream.put("stray.m4s", "x");
    clock.advance(61_000);
    expect(origin.origin.census()).toMatchObject({ streamCount: 1, fileCount: 0 });
    clock.advance(60_000);
    expect(origin.origin.census().streamCount).toBe(0);
    expect(await refusalOf(await stream.put("a.m4s", "x"))).toBe(404);
  });
});

describe("a player", () => {
  async function publish(
    limits: Partial<OriginLimits> = {},
  ): Promise<[TestOrigin, TestStream, LivePlaylist]> {
    const origin = await start(limits);
    const stream = await origin.create();
    const live = liveWith(62);
    await stream.put("live.m3u8", textOf(live));
    return [origin, stream, live];
  }

  it("that reloads with 99 others is answered by the PUT they all wait for", async () => {
    const [origin, stream, live] = await publish();
    const reloads = Array.from({ length: 100 }, () => stream.get("live.m3u8?_HLS_msn=12&_HLS_part=2"));
    await origin.untilWaiting(100);
    const text = textOf(liveWith(1, live));
    await stream.put("live.m3u8", text);
    const bodies = await Promise.all((await Promise.all(reloads)).map((response) => response.text()));
    expect(new Set(bodies)).toEqual(new Set([text]));
    expect(origin.origin.census().waitingCount).toBe(0);
  });

  it("goes on waiting while a PUT brings less than it waits for", async () => {
    const [origin, stream, live] = await publish();
    const reload = stream.get("live.m3u8?_HLS_msn=12");
    await origin.untilWaiting(1);
    await stream.put("live.m3u8", textOf(liveWith(1, live)));
    expect(origin.origin.census().waitingCount).toBe(1);
    const text = textOf(liveWith(3, live));
    await stream.put("live.m3u8", text);
    expect(await (await reload).text()).toBe(text);
  });

  it("gets a hinted part when it has arrived whole, and 404 when the plan changed", async () => {
    const [origin, stream, live] = await publish();
    const hinted = stream.get("12.2.m4s");
    await origin.untilWaiting(1);
    await stream.put("12.2.m4s", "part");
    expect(await (await hinted).text()).toBe("part");
    await stream.put("live.m3u8", textOf(liveWith(1, live)));
    const waiting = stream.get("12.3.m4s");
    await origin.untilWaiting(1);
    await stream.put("live.m3u8", textOf(reduceLive(live, { kind: "end", gapUri: "12.m4s" })));
    expect((await waiting).status).toBe(404);
    expect((await stream.get("99.m4s")).status).toBe(404);
  });

  it("is told 503 after three target durations without news, and 404 when the stream goes", async () => {
    const [origin, stream] = await publish();
    const late = stream.get("live.m3u8?_HLS_msn=12&_HLS_part=2");
    await origin.untilWaiting(1);
    clock.advance(3250);
    expect(await refusalOf(await late)).toBe(503);
    const left = stream.get("live.m3u8?_HLS_msn=12&_HLS_part=2");
    await origin.untilWaiting(1);
    origin.origin.close();
    expect((await left).status).toBe(404);
  });

  it("that hangs up no longer waits, and one too many is told 503 at once", async () => {
    const [origin, stream] = await publish({ maxStreamHoldCount: 1 });
    const leaving = new AbortController();
    const url = `${origin.url}${stream.putPath}live.m3u8?_HLS_msn=12&_HLS_part=2`;
    const left = fetch(url, { signal: leaving.signal }).catch(() => "left");
    await origin.untilWaiting(1);
    expect(await refusalOf(await fetch(url))).toBe(503);
    leaving.abort();
    expect(await left).toBe("left");
    await origin.untilWaiting(0);
  });

  it.each([
    ["_HLS_msn=99", 400],
    ["_HLS_part=1", 400],
    ["_HLS_msn=x", 400],
    ["_HLS_msn=11", 200],
    ["", 200],
  ])("that asks %s is answered %i at once", async (query, status) => {
    const [, stream] = await publish();
    expect((await stream.get(`live.m3u8?${query}`)).status).toBe(status);
  });

  it("gets a delta update when it asks for one", async () => {
    const stream = await (await start()).create();
    const playlist = { ...toMediaPlaylist(liveWith(0)), segments: toMediaPlaylist(liveWith(20)).segments };
    const long = Array.from({ length: 5 }, () => playlist.segments).flat();
    await stream.put("live.m3u8", writeMediaPlaylist({ ...playlist, segments: long }));
    const delta = await (await stream.get("live.m3u8?_HLS_skip=YES")).text();
    expect(delta).toContain("#EXT-X-SKIP:SKIPPED-SEGMENTS=13\n");
  });

  it("may keep segments but not playlists, and need not be sent what it has", async () => {
    const [, stream] = await publish();
    await stream.put("0.m4s", "0123456789");
    const segment = await stream.get("0.m4s");
    expect(segment.headers.get("cache-control")).toMatch(/max-age=\d+, immutable/);
    const again = await stream.get("0.m4s", { "if-none-match": segment.headers.get("etag") ?? "" });
    expect(again.status).toBe(304);
    expect((await stream.get("live.m3u8")).headers.get("cache-control")).toBe("no-cache");
    expect((await stream.get("live.m3u8?_HLS_msn=11")).headers.get("cache-control")).toBe(
      "public, max-age=1",
    );
    await stream.put("0.m4s", "other bytes of the same name");
    expect((await stream.get("0.m4s")).headers.get("cache-control")).toBe("no-cache");
  });

  it.each([
    ["bytes=2-4", 206, "234", "bytes 2-4/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=-2", 206, "89", "bytes 8-9/10"],
    ["bytes=5-99", 206, "56789", "bytes 5-9/10"],
    ["bytes=10-", 416, "", "bytes */10"],
    ["bytes=-0", 416, "", "bytes */10"],
    ["bytes=4-2", 200, "0123456789", null],
    ["bytes=0-1,3-4", 200, "0123456789", null],
    ["lines=1-2", 200, "0123456789", null],
  ])("asks for %s of a segment and gets %i", async (range, status, body, contentRange) => {
    const stream = await (await start()).create();
    await stream.put("0.m4s", "0123456789");
    const response = await stream.get("0.m4s", { range });
    expect([response.status, await response.text()]).toEqual([status, body]);
    expect(response.headers.get("content-range")).toBe(contentRange);
  });

  it("asks by HEAD and gets the headers alone", async () => {
    const origin = await start();
    const stream = await origin.create();
    await stream.put("0.m4s", "0123456789");
    const response = await fetch(`${origin.url}${stream.putPath}0.m4s`, { method: "HEAD" });
    expect([response.headers.get("content-length"), await response.text()]).toEqual(["10", ""]);
  });
});
