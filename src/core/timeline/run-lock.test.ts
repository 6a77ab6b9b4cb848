import { describe, expect, it } from "vitest";

import { toReceiverUs } from "../clock/instants.ts";
import { createRunLock } from "./run-lock.ts";

/** Feeds markers 33 ms apart; gives how each was taken: `+` measured, `-` not, `!` with an event. */
function take(runs: readonly number[], expected: number | null = null): string {
  const lock = createRunLock();
  lock.expect(expected);
  return runs
    .map((run, index) => {
      const { isMeasured, event } = lock.add(run, toReceiverUs(index * 33_000));
      return (isMeasured ? "+" : "-") + (event === null ? "" : "!");
    })
    .join(" ");
}

describe("which run is measured", () => {
  it.each([
    ["the first seen", [1, 1, 1], null, "+! + +"],
    ["not a stray one, told of once a burst", [1, 2, 1, 2, 2, 1], null, "+! -! + - - +"],
    ["another after five markers in a row", [1, 2, 2, 2, 2, 2, 2], null, "+! -! - - - +! +"],
    ["the one that facts name, whatever comes first", [1, 1, 2, 2, 1], 2, "-! - +! + -!"],
    ["any after five in a row, even against old facts", [1, 1, 1, 1, 1, 1], 2, "-! - - - +! +"],
  ])("is %s", (_, runs, expected, taken) => {
    expect(take(runs, expected)).toBe(taken);
  });

  it("switches at the first marker of the run that new facts name", () => {
    const lock = createRunLock();
    lock.add(1, toReceiverUs(0));
    lock.expect(2);
    expect(lock.add(1, toReceiverUs(1)).isMeasured).toBe(true);
    expect(lock.add(2, toReceiverUs(2))).toMatchObject({
      hasChanged: true,
      event: { kind: "run", runNumber: 2, previousRunNumber: 1 },
    });
    expect(lock.wasMeasured(1)).toBe(true);
  });
});
