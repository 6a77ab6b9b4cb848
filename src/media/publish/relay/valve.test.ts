import { describe, expect, it } from "vitest";

import { createValve } from "./valve.ts";

/** Frames as `k` and `d`, with what waits when each comes; what passed as a text of 1 and 0. */
function passed(frames: string, waitingBytes: readonly number[]) {
  const valve = createValve(100);
  const text = frames
    .split("")
    .map((kind, at) => Number(valve.lets({ isKey: kind === "k" }, waitingBytes[at] ?? 0)));
  return { text: text.join(""), leftOutCount: valve.leftOutCount() };
}

describe("frames on a line", () => {
  it("begin with a key frame, and those before it are not lost", () => {
    expect(passed("ddkdd", [])).toEqual({ text: "00111", leftOutCount: 0 });
  });

  it("stop where too much waits, and go on at a key frame once half of it is gone", () => {
    expect(passed("kddkddkdkd", [0, 50, 101, 90, 51, 50, 50, 0])).toEqual({
      text: "1100001111",
      leftOutCount: 4,
    });
  });

  it("stop at a key frame too", () => {
    expect(passed("kdkd", [0, 0, 101, 101])).toEqual({ text: "1100", leftOutCount: 2 });
  });

  it("begin anew on another line, without counting what waits for its key frame", () => {
    const valve = createValve(100);
    valve.lets({ isKey: true }, 0);
    valve.reset();
    expect(valve.lets({ isKey: false }, 0)).toBe(false);
    expect(valve.lets({ isKey: true }, 0)).toBe(true);
    expect(valve.leftOutCount()).toBe(0);
  });
});
