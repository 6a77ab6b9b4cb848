import { expect, it } from "vitest";

import type { Provider, Query } from "../../core/plan/plan.ts";
import { isOfThisMachine, roadOf } from "./provider-road.ts";

function provider(publish: Query | null, play: Query = []): Provider {
  return { name: "x", publish, play, network: null, price: null };
}

it.each([
  [provider([]), "webrtc"],
  [provider([["via", "hls"]]), "http"],
  [provider([["via", "whip"]], [["url", "https://cdn.example/live.m3u8?x=1"]]), "http"],
  [
    provider([
      ["via", "whip"],
      ["play", "https://cdn.example/whep/live"],
    ]),
    "webrtc",
  ],
  [provider(null, [["url", "https://cdn.example/live"]]), "unknown"],
  [
    provider(null, [
      ["url", "https://cdn.example/live"],
      ["kind", "dash"],
    ]),
    "http",
  ],
  [provider(null, [["url", "camera:0"]]), "capture"],
] as const)("%j comes by %s", (one, road) => {
  expect(roadOf(one)).toBe(road);
});

it.each([
  ["what is published to the own server", provider([["via", "hls"]]), true],
  ["a peer", provider([]), true],
  ["an address of this machine", provider(null, [["url", "http://192.0.2.7:8080/a.m3u8"]]), true],
  [
    "its loopback, which is another in a namespace",
    provider(null, [["url", "http://127.0.0.1:8080/a.m3u8"]]),
    false,
  ],
  ["another server", provider(null, [["url", "https://cdn.example/a.m3u8"]]), false],
  [
    "HLS put to another server",
    provider([
      ["via", "hls"],
      ["put", "${PUT_URL}"],
    ]),
    false,
  ],
  [
    "what is played from another server",
    provider([
      ["via", "whip"],
      ["play", "https://cdn.example/whep"],
    ]),
    false,
  ],
  [
    "WHIP to another server",
    provider([
      ["via", "whip"],
      ["whip", "https://cdn.example/whip"],
    ]),
    false,
  ],
] as const)("a namespace reaches, or not, %s", (_, one, isReached) => {
  const environment = { PUT_URL: "https://cdn.example/{name}?sig=1" };
  expect(isOfThisMachine(one, environment, new Set(["192.0.2.7"]))).toBe(isReached);
});
