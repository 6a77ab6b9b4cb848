import { connect } from "node:net";

import * as v from "valibot";
import { afterEach, describe, expect, it } from "vitest";

import { hlsCreatedSchema } from "../core/wire/upload.ts";
import { createFakeClock } from "./clock.fake.ts";
import type { OriginLimits } from "./hls-origin/limits.ts";
import { refusalOf, startOrigin, type TestOrigin } from "./hls-origin/serve.fake.ts";

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

describe("a publisher", () => {
  it("is given a stream, PUTs into it, and players of any page get the bytes back", async () => {
    const origin = await start();
    const stream = await origin.create();
    expect(v.is(hlsCreatedSchema, stream)).toBe(true);
    expect((await stream.put("720p/0.m4s", "segment")).status).toBe(201);
    expect((await stream.put("720p/0.m4s", "another")).status).toBe(204);
    const got = await stream.get("720p/0.m4s", { origin: "https://elsewhere.example" });
    expect(await got.text()).toBe("another");
    expect(Object.fromEntries(got.headers)).toMatchObject({
      "access-control-allow-origin": "*",
      "timing-allow-origin": "*",
      "content-type": "video/iso.segment",
      "content-length": "7",
    });
  });

  it("takes its stream back with its token from a server that knows nothing any more", async () => {
    const before = await (await start()).create();
    const after = await (await start()).create(before.putToken);
    expect(after.playPath).toBe(before.playPath);
  });

  it("takes its living stream back when it is loaded again, however full the server is", async () => {
    const origin = await start({ maxStreamCount: 1 });
    const before = await origin.create();
    await before.put("a.m4s", "a");
    const after = await origin.create(before.putToken);
    expect(after.playPath).toBe(before.playPath);
    expect((await after.get("a.m4s")).status).toBe(200);
  });

  it("may be a page of another site once it has a token, as the preflight says", async () => {
    const origin = await start();
    const stream = await origin.create();
    const preflight = await fetch(`${origin.url}${stream.putPath}a.m4s`, { method: "OPTIONS" });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-methods")).toContain("PUT");
    expect(preflight.headers.get("access-control-allow-headers")).toContain("Authorization");
  });

  it("takes a file or all of its stream away", async () => {
    const origin = await start();
    const stream = await origin.create();
    await stream.put("a.m4s", "a");
    await stream.put("b.m4s", "b");
    const headers = { authorization: `Bearer ${stream.putToken}` };
    await fetch(`${origin.url}${stream.putPath}a.m4s`, { method: "DELETE", headers });
    expect([(await stream.get("a.m4s")).status, (await stream.get("b.m4s")).status]).toEqual([404, 200]);
    await fetch(`${origin.url}${stream.putPath}`, { method: "DELETE", headers });
    expect(origin.origin.census()).toEqual({ streamCount: 0, fileCount: 0, heldBytes: 0, waitingCount: 0 });
  });
});

describe("who may not publish is told why", () => {
  it.each([
    ["no token", {}, 401],
    ["a token of another stream", { authorization: `Bearer ${"A".repeat(43)}` }, 403],
    ["another scheme", { authorization: "Basic dTpw" }, 403],
  ])("%s", async (_, headers, status) => {
    const origin = await start();
    const stream = await origin.create();
    for (const method of ["PUT", "DELETE"]) {
      const response = await fetch(`${origin.url}${stream.putPath}a.m4s`, { method, headers });
      expect(await refusalOf(response)).toBe(status);
    }
    expect(origin.origin.census().fileCount).toBe(0);
  });

  it("a page of another site that asks for a stream, and an address that asks for many", async () => {
    const origin = await start({ createBurst: 2 });
    const headers = { origin: "https://elsewhere.example" };
    expect((await fetch(`${origin.url}/api/hls`, { method: "POST", headers })).status).toBe(403);
    await origin.create();
    await origin.create();
    expect((await fetch(`${origin.url}/api/hls`, { method: "POST" })).status).toBe(429);
  });

  it("one stream too many, and a request for one that is no such request", async () => {
    const origin = await start({ maxStreamCount: 1 });
    const post = (body: string) => fetch(`${origin.url}/api/hls`, { method: "POST", body });
    const bad = ["{", '{"name":1}', '{"putToken":"short"}', "x".repeat(5000)];
    for (const body of bad) expect(await refusalOf(await post(body))).toBe(400);
    await origin.create();
    expect(await refusalOf(await post(""))).toBe(503);
  });

  it("an address that would keep more than its share of the streams", async () => {
    const origin = await start({ maxAddressStreamCount: 1 });
    await origin.create();
    const refused = await fetch(`${origin.url}/api/hls`, { method: "POST" });
    expect(await refusalOf(refused)).toBe(429);
    expect(origin.origin.census().streamCount).toBe(1);
  });
});

describe("a path that tries to get out", () => {
  it.each([
    "../secret.m4s",
    "..%2fsecret.m4s",
    "%2e%2e/secret.m4s",
    "a/../b.m4s",
    "a\\..\\b.m4s",
    "a%5cb.m4s",
    "a%00.m4s",
    "a\u0000.m4s",
    "a//b.m4s",
    "a/b/c.m4s",
    ".hidden.m4s",
    "a..m4s",
    "a.m4s/",
    "a.html",
    "a.m4s%20",
    `${"a".repeat(500)}.m4s`,
  ])("is refused: %j", async (name) => {
    const origin = await start();
    const stream = await origin.create();
    const answer = await origin.sendRaw(
      `PUT ${stream.putPath}${name} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${stream.putToken}\r\n` +
        "Content-Length: 1\r\nConnection: close\r\n\r\nx",
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(origin.origin.census().fileCount).toBe(0);
  });
});

describe("an upload", () => {
  it.each([
    ["says it is too large", "Content-Length: 2000\r\n\r\n"],
    ["turns out too large", `Transfer-Encoding: chunked\r\n\r\n7d0\r\n${"x".repeat(2000)}\r\n0\r\n\r\n`],
  ])("that %s is refused and leaves nothing behind", async (_, rest) => {
    const origin = await start({ maxFileBytes: 1000 });
    const stream = await origin.create();
    const answer = await origin.sendRaw(
      `PUT ${stream.putPath}a.m4s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${stream.putToken}\r\n${rest}`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(origin.origin.census().heldBytes).toBe(0);
  });

  it.each([
    ["falls silent", [10_000]],
    ["drips for too long", [8000, 8000, 8000, 8000]],
  ])("that %s is broken off with 408 and leaves nothing behind", async (_, waitsMs) => {
    const origin = await start();
    const stream = await origin.create();
    const socket = connect(origin.port, "127.0.0.1");
    const answered = new Promise<string>((resolve) => {
      socket.once("data", (chunk) => resolve(chunk.toString()));
    });
    socket.write(`PUT ${stream.putPath}a.m4s HTTP/1.1\r\nHost: x\r\n`);
    socket.write(`Authorization: Bearer ${stream.putToken}\r\nContent-Length: 1000\r\n\r\n`);
    for (const [index, waitMs] of waitsMs.entries()) {
      socket.write("x");
      while (origin.origin.census().heldBytes !== index + 1) await new Promise(setImmediate);
      clock.advance(waitMs);
    }
    expect(await answered).toMatch(/^HTTP\/1.1 408 /);
    expect(origin.origin.census().heldBytes).toBe(0);
    socket.destroy();
  });

  it.each([
    ["a playlist that is none", "live.m3u8", "<html>"],
    ["a playlist longer than the window", "live.m3u8", `#EXTM3U\n${"#EXTINF:1,\na.ts\n".repeat(200)}`],
  ])("of %s is refused in words", async (_, name, body) => {
    const stream = await (await start()).create();
    expect(await refusalOf(await stream.put(name, body))).toBe(400);
    expect((await stream.get(name)).status).toBe(404);
  });
});
