import { expect, it } from "vitest";

import { watchStalls } from "./stalls.ts";
import type { RoadEvent } from "./way.ts";

/** An element that says what a test lets it say. */
function element() {
  const target = new EventTarget();
  const video = {
    seeking: false,
    paused: false,
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
  };
  return { video, say: (name: string) => target.dispatchEvent(new Event(name)) };
}

it("a player that waits is told of at once, and its stall when it plays again", () => {
  const told: RoadEvent[] = [];
  let nowMs = 0;
  const { video, say } = element();
  const unwatch = watchStalls(
    video,
    () => nowMs,
    (event) => told.push(event),
  );
  const after = (ms: number, name: string): void => {
    nowMs += ms;
    say(name);
  };
  after(0, "waiting");
  after(10, "playing");
  expect(told).toEqual([]);
  after(1000, "waiting");
  after(20, "playing");
  after(1000, "waiting");
  after(500, "playing");
  after(1000, "waiting");
  after(500, "emptied");
  unwatch();
  after(500, "waiting");
  expect(told).toEqual([
    { kind: "waiting", atMs: 1010, isOver: false },
    { kind: "waiting", atMs: 1030, isOver: true },
    { kind: "waiting", atMs: 2030, isOver: false },
    { kind: "stall", atMs: 2030, durationMs: 500 },
    { kind: "waiting", atMs: 3530, isOver: false },
    { kind: "waiting", atMs: 4030, isOver: true },
  ]);
});
