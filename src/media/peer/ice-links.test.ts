import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";

import { readIceLinks } from "./ice-links.ts";

describe("ICE servers in a Link header", () => {
  it("come with their user names and credentials, as RFC 9725 writes them", () => {
    const header =
      '<stun:stun.example.net>; rel="ice-server", ' +
      '<turn:turn.example.net?transport=udp>; rel="ice-server"; username="user"; credential="my,\\"Pass;word\\""; credential-type="password", ' +
      "<turns:turn.example.net:443?transport=tcp>; rel=ice-server; username=user; credential=plain";
    expect(readIceLinks(header)).toEqual([
      { urls: ["stun:stun.example.net"] },
      { urls: ["turn:turn.example.net?transport=udp"], username: "user", credential: 'my,"Pass;word"' },
      { urls: ["turns:turn.example.net:443?transport=tcp"], username: "user", credential: "plain" },
    ]);
  });

  it.each([
    null,
    "",
    '<https://example.net/next>; rel="next"',
    '<https://example.net/>; rel="ice-server"',
    '<turn:turn.example.net>; rel="not-ice-server"',
  ])("are not found in %j", (header) => expect(readIceLinks(header)).toEqual([]));

  it("are looked for in any text without harm", () => {
    assert(property(string(), (text) => Array.isArray(readIceLinks(`<${text}>; rel=ice-server; ${text}`))));
  });
});
