import { describe, expect, it } from "vitest";

import { leastStallMs, watchStalls, type Stallable } from "./stalls.ts";

/** A video element that says what a script makes it say. */
function createSubject() {
  const events = new EventTarget();
  const video = Object.assign(events, { seeking: false, paused: false }) as unknown as Stallable;
  const told: [atMs: number, durationMs: number][] = [];
  let atMs = 0;
  const stop = watchStalls(
    video,
    () => atMs,
    (beganMs, durationMs) => told.push([beganMs, durationMs]),
  );
  const say = (name: string, whenMs: number): void => {
    atMs = whenMs;
    events.dispatchEvent(new Event(name));
  };
  return { say, told, stop };
}

describe("a stall is the time that a viewer waits", () => {
  it.each<readonly [string, readonly (readonly [string, number])[], readonly [number, number][]]>([
    [
      "for media",
      [
        ["playing", 0],
        ["waiting", 1000],
        ["playing", 1400],
      ],
      [[1000, 400]],
    ],
    [
      "for media, over a reload for its sake",
      [
        ["playing", 0],
        ["waiting", 1000],
        ["emptied", 3000],
        ["waiting", 3100],
        ["playing", 9000],
      ],
      [[1000, 8000]],
    ],
    [
      "for a reload that took the picture away",
      [
        ["playing", 0],
        ["emptied", 2000],
        ["playing", 3500],
      ],
      [[2000, 1500]],
    ],
    [
      "but not for the first picture",
      [
        ["waiting", 0],
        ["emptied", 100],
        ["playing", 5000],
      ],
      [],
    ],
    [
      "but not while paused, or after the end, which pauses",
      [
        ["playing", 0],
        ["waiting", 1000],
        ["pause", 1100],
        ["emptied", 2000],
        ["playing", 9000],
      ],
      [],
    ],
    [
      "unless it is too short to be seen",
      [
        ["playing", 0],
        ["waiting", 1000],
        ["playing", 1000 + leastStallMs - 1],
      ],
      [],
    ],
  ])("%s", (_what, script, stalls) => {
    const { say, told, stop } = createSubject();
    for (const [name, whenMs] of script) say(name, whenMs);
    expect(told).toEqual(stalls);
    stop();
  });
});
