import { expect, it } from "vitest";

import { containerOf } from "./container.ts";

const text = (words: string): number[] => Array.from(words, (char) => char.charCodeAt(0));
const ts = new Uint8Array(376);
ts[0] = 0x47;
ts[188] = 0x47;

it.each([
  ["an init segment", Uint8Array.from([0, 0, 0, 24, ...text("ftyp")]), "video/mp4"],
  ["a media segment", Uint8Array.from([0, 0, 0, 24, ...text("moof")]), "video/mp4"],
  ["a WebM init", Uint8Array.from([0x1a, 0x45, 0xdf, 0xa3, 1]), "video/webm"],
  ["transport packets", ts, "video/mp2t"],
  ["text that begins with a G", Uint8Array.from(text(`GET ${"x".repeat(300)}`)), "application/octet-stream"],
  ["nothing", new Uint8Array(0), "application/octet-stream"],
])("%s is known by its first bytes", (_, bytes, expected) => {
  expect(containerOf(bytes)).toBe(expected);
});
