import { describe, expect, it } from "vitest";

import { hlsDefaults } from "../../../core/wire/hls-setup.ts";
import { openOwnOrigin, openTemplate } from "./destination.ts";
import { createS3Signer } from "./s3.ts";
import type { StreamToken } from "./stream-token.ts";

const created = {
  streamId: "s".repeat(22),
  putToken: "t".repeat(43),
  putPath: `/hls/${"s".repeat(22)}/`,
  playPath: `/hls/${"s".repeat(22)}/index.m3u8`,
  limits: { maxFileBytes: 1, maxPlaylistBytes: 1, maxStreamBytes: 1, maxSegmentCount: 1, idleMs: 1 },
};

type Asked = { readonly method: string; readonly url: string };

function createServer(answer: (asked: Asked) => Response) {
  const asked: Asked[] = [];
  return {
    asked,
    fetch: async (url: string, { method = "GET" }: RequestInit) => {
      asked.push({ method, url });
      return answer({ method, url });
    },
  };
}

function createToken(kept: string | null): StreamToken {
  let current = kept;
  return {
    read: () => current,
    write: (putToken) => {
      current = putToken;
    },
    release: () => undefined,
  };
}

const never = new AbortController().signal;

describe("this project's own server", () => {
  it("gives a stream, whose token goes with every file and stands in no address", async () => {
    const { fetch } = createServer(() => Response.json(created, { status: 201 }));
    const token = createToken(null);
    const opened = await openOwnOrigin(token, fetch, "https://gauge.test/sender", never);
    if (!opened.ok) throw new Error(opened.failure.what);
    expect(opened.value).toMatchObject({
      playUrl: `https://gauge.test${created.playPath}`,
      isOwn: true,
      mayHaveFiles: false,
    });
    expect(opened.value.target("seg.m4s")).toEqual({
      url: `${created.putPath}seg.m4s`,
      headers: { Authorization: `Bearer ${created.putToken}` },
    });
    expect(token.read()).toBe(created.putToken);
  });

  it("is looked at for files where a token was kept, and cleared by one DELETE", async () => {
    const server = createServer(({ method }) =>
      method === "POST" ? Response.json(created, { status: 201 }) : new Response(null, { status: 204 }),
    );
    const opened = await openOwnOrigin(
      createToken(created.putToken),
      server.fetch,
      "https://gauge.test/",
      never,
    );
    if (!opened.ok) throw new Error(opened.failure.what);
    expect(opened.value.mayHaveFiles).toBe(true);
    await opened.value.clear(["index.m3u8", "seg.m4s"]);
    expect(server.asked.at(-1)).toEqual({ method: "DELETE", url: created.putPath });
  });

  it.each([
    [
      "refuses",
      () => Response.json({ kind: "denied", what: "hold more", where: "x", next: "y" }, { status: 503 }),
      "denied",
    ],
    ["answers in other words", () => new Response("<p>no</p>", { status: 502 }), "refused-input"],
    ["answers nonsense", () => Response.json({ streamId: 7 }, { status: 201 }), "unreachable"],
  ])("that %s is told of", async (_how, answer, kind) => {
    const { fetch } = createServer(answer);
    const opened = await openOwnOrigin(createToken(null), fetch, "https://gauge.test/", never);
    expect(opened.ok ? null : opened.failure.kind).toBe(kind);
  });
});

describe("another server", () => {
  const setup = {
    ...hlsDefaults,
    putUrl: "https://up.test/live/{name}?sig=5ecret",
    putHeaders: ["x-key: live/{name}"],
  };

  it("is put to by its template, and played and named without what follows the question mark", () => {
    const destination = openTemplate(setup, createServer(() => new Response()).fetch);
    expect(destination.target("360p/seg.m4s")).toEqual({
      url: "https://up.test/live/360p/seg.m4s?sig=5ecret",
      headers: { "x-key": "live/360p/seg.m4s" },
    });
    expect(destination.playUrl).toBe("https://up.test/live/index.m3u8");
    expect(destination.readUrl("seg.m4s")).not.toContain("5ecret");
  });

  it("may be played elsewhere", () => {
    const { fetch } = createServer(() => new Response());
    const destination = openTemplate({ ...setup, playUrl: "https://cdn.test/a/index.m3u8" }, fetch);
    expect(destination.playUrl).toBe("https://cdn.test/a/index.m3u8");
    expect(destination.readUrl("360p/seg.m4s")).toBe("https://cdn.test/a/360p/seg.m4s");
  });

  it("that lets go of no file is asked once", async () => {
    const server = createServer(() => new Response(null, { status: 403 }));
    const destination = openTemplate(setup, server.fetch);
    await destination.clear(["one.m4s", "two.m4s"]);
    await destination.clear(["three.m4s"]);
    expect(server.asked).toHaveLength(1);
  });

  it("that is an S3 bucket gets a signature for each file, and the last one of a playlist serves once more", async () => {
    const server = createServer(() => new Response(null, { status: 204 }));
    const s3 = { ...hlsDefaults, putUrl: "https://bucket.test/{name}", s3KeyId: "AKIA", s3Secret: "5ecret" };
    const signed = { ...s3, putHeaders: ["x-amz-acl: public-read"] };
    const destination = openTemplate(signed, server.fetch, createS3Signer(signed));
    expect(destination.lastTarget("index.m3u8")).toBeNull();
    const playlist = await destination.target("index.m3u8");
    const other = await destination.target("seg.m4s");
    expect(playlist).toMatchObject({
      url: "https://bucket.test/index.m3u8",
      headers: { "x-amz-acl": "public-read", authorization: expect.stringContaining("Credential=AKIA/") },
    });
    expect(other.headers["authorization"]).not.toBe(playlist.headers["authorization"]);
    expect(destination.lastTarget("index.m3u8")).toBe(playlist);
    await destination.clear(["seg.m4s"]);
    expect(server.asked).toEqual([{ method: "DELETE", url: "https://bucket.test/seg.m4s" }]);
    expect(destination.playUrl).toBe("https://bucket.test/index.m3u8");
  });
});
