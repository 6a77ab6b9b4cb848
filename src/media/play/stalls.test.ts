import { describe, expect, it } from "vitest";

import { leastStallMs } from "../../core/timeline/stalls.ts";
import { watchStalls, type Stallable } from "./stalls.ts";
import type { RoadEvent } from "./way.ts";

/** A video element that says what a script makes it say. */
function createSubject() {
  const events = new EventTarget();
  const video = Object.assign(events, { seeking: false, paused: false }) as unknown as Stallable;
  const told: RoadEvent[] = [];
  let atMs = 0;
  const stop = watchStalls(
    video,
    () => atMs,
    (event) => told.push(event),
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
    const ofStalls = told.flatMap((event) =>
      event.kind === "stall" ? [[event.atMs, event.durationMs]] : [],
    );
    expect(ofStalls).toEqual(stalls);
    stop();
  });
});

it("a wait is told of at once, and then that it was a stall, or none", () => {
  const { say, told, stop } = createSubject();
  say("playing", 0);
  say("waiting", 1000);
  say("playing", 1020);
  say("waiting", 2000);
  say("playing", 2500);
  say("waiting", 3500);
  say("ended", 4000);
  stop();
  say("waiting", 5000);
  expect(told).toEqual([
    { kind: "waiting", atMs: 1000, isOver: false },
    { kind: "waiting", atMs: 1020, isOver: true },
    { kind: "waiting", atMs: 2000, isOver: false },
    { kind: "stall", atMs: 2000, durationMs: 500 },
    { kind: "waiting", atMs: 3500, isOver: false },
    { kind: "waiting", atMs: 4000, isOver: true },
  ]);
});
