import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readPasted, readSource, showSource } from "./source.ts";

const here = "https://gauge.example";

describe("an address to play", () => {
  it.each([
    "https://cdn.example/live/index.m3u8?sig=1",
    "http://192.0.2.1:8080/x.mp4",
    "HTTPS://CDN.EXAMPLE/A.MPD",
    "screen:",
    "camera:",
    "blob:https://gauge.example/3f",
  ])("is %s", (address) => {
    expect(readSource(` ${address} `)).toEqual({ ok: true, value: address });
  });

  it.each([
    ["javascript:alert(1)", "That is a program"],
    ["JavaScript:alert(1)", "That is a program"],
    ["file:///etc/passwd", "Drop the file"],
    ["data:video/mp4;base64,AAAA", "Drop the file"],
    ["rtmp://ingest.example/live", "do not play RTMP"],
    ["https://name:word@cdn.example/a.m3u8", "name and password"],
    ["https://", "whole address"],
    ["cdn.example/a.m3u8", "whole address"],
    ["", "whole address"],
    [`https://cdn.example/${"a".repeat(5000)}`, "longer than"],
  ])("is not %s, and it is said why", (address, words) => {
    const read = readSource(address);
    expect(read).toMatchObject({ ok: false, failure: { kind: "refused-input" } });
    expect(read.ok ? "" : read.failure.next).toContain(words);
    expect(read.ok ? "" : read.failure.where).not.toContain("word@");
  });

  it("is read or refused without a throw, whatever is pasted", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(typeof readPasted(text, here).ok).toBe("boolean");
      }),
    );
  });

  it("is shown without its query, which may hold a secret", () => {
    expect(showSource("https://cdn.example/a.m3u8?token=s3cret#x")).toBe("cdn.example/a.m3u8");
  });
});

describe("what is pasted", () => {
  it("may be codes, links of this page and addresses, all at once", () => {
    const text = `7k3m-q9td ${here}/receiver?join=7K3MQ9TE&start=1\nhttps://cdn.example/a.m3u8`;
    expect(readPasted(text, here)).toEqual({
      ok: true,
      value: [
        { kind: "join", join: "7K3MQ9TD" },
        { kind: "join", join: "7K3MQ9TE" },
        { kind: "url", url: "https://cdn.example/a.m3u8" },
      ],
    });
  });

  it("is refused when it is more than is measured side by side", () => {
    expect(readPasted("https://a.example ".repeat(7), here)).toMatchObject({ ok: false });
  });
});
