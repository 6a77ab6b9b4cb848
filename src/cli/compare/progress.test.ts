import { describe, expect, it } from "vitest";

import type { PlannedRun } from "../../core/plan/expand.ts";
import { fakeRun } from "../../core/runs/runs.fake.ts";
import { createCompareProgress, showLeft } from "./progress.ts";

const network = { name: "none", delayMs: null, jitterMs: null, lossRatio: null, rateKbps: null };
const planned: PlannedRun = {
  number: 1,
  repeat: 1,
  network,
  providers: [{ name: "direct", publish: [], play: [], price: null, network: null }],
  cell: {
    settings: [],
    durationMs: 8000,
    warmUpMs: 2000,
    joinWithinMs: 30_000,
    network,
    providers: [],
  },
};
const run = fakeRun({
  number: 1,
  provider: "direct",
  values: { "latency.p50": 41.3, "frameRate.displayed": 30, "freeze.ratio": 0 },
});

function follow(isTTY: boolean): string {
  const written: string[] = [];
  let nowMs = 0;
  const stream = { write: (text: string) => void written.push(text), isTTY, columns: 60 };
  const progress = createCompareProgress(stream, () => nowMs);
  const first = progress.begin(planned, { index: 0, count: 2, restMs: 10_000 });
  nowMs = 4000;
  first.phase("measuring", 2000);
  nowMs = 13_000;
  first.end(run);
  progress.begin(planned, { index: 1, count: 2, restMs: 0 }).phase("joining", 0);
  return written.join("");
}

describe("progress", () => {
  it("is plain lines where nobody looks: no control character, one at the start and one at the end of a run", () => {
    expect(follow(false)).toBe(
      [
        "[1/2] direct, repeat 1: begins, about 28 s left",
        "[1/2] direct, repeat 1: latency 41.3 ms, 30.00 fps, frozen 0.00 %",
        "[2/2] direct, repeat 1: begins, about 13 s left",
        "",
      ].join("\n"),
    );
  });

  it("is one changing line on a terminal, no wider than it, with the time left", () => {
    const text = follow(true);
    expect(text).toContain("measuring 2/8 s · about 24 s left");
    const lines = text.replaceAll("\r\u001B[K", "\n").split("\n");
    expect(
      Math.max(...lines.filter((line) => line.includes("left")).map(({ length }) => length)),
    ).toBeLessThan(60);
  });

  it.each([
    [200, "about 1 s"],
    [99_000, "about 99 s"],
    [600_000, "about 10 min"],
    [36_000_000, "about 10.0 h"],
  ])("says %d ms as people do", (leftMs, words) => {
    expect(showLeft(leftMs)).toBe(words);
  });
});
