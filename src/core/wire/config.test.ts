import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readIceServers } from "./config.ts";

describe("readIceServers", () => {
  it.each([
    ["", []],
    ["stun:stun.example.org", [{ urls: ["stun:stun.example.org"] }]],
    [
      "stun:a:3478, turn:me:p%40ss@[::1]:3478?transport=udp",
      [
        { urls: ["stun:a:3478"] },
        { urls: ["turn:[::1]:3478?transport=udp"], username: "me", credential: "p@ss" },
      ],
    ],
    [
      '[{"urls":"turn:a","username":"u","credential":"c"}]',
      [{ urls: ["turn:a"], username: "u", credential: "c" }],
    ],
  ])("reads %j", (text, servers) => {
    expect(readIceServers(text)).toEqual({ ok: true, value: servers });
  });

  it("names the bad entry and keeps its secret to itself", () => {
    const read = readIceServers("stun:a,turn:me:hush@ho st");
    expect(read).toMatchObject({ ok: false, failure: { where: "entry 2" } });
    expect(JSON.stringify(read)).not.toContain("hush");
  });

  it("never throws, whatever is typed", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.string().map((text) => `turn:${text}`),
        ),
        (text) => {
          expect(typeof readIceServers(text).ok).toBe("boolean");
        },
      ),
    );
  });
});
