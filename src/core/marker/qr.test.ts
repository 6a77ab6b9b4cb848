import { describe, expect, it } from "vitest";

import { markerModules, qrModules } from "./qr.ts";

describe("a marker's symbol", () => {
  it("has 25 modules a side with a finder in three corners", () => {
    const { sideCount, dark } = markerModules("1123456000047111790000000123456767");
    expect(sideCount).toBe(25);
    expect(dark).toHaveLength(625);
    const finderRow = [1, 1, 1, 1, 1, 1, 1, 0];
    expect([...dark.subarray(0, 8)]).toStrictEqual(finderRow);
    expect([...dark.subarray(17, 25)]).toStrictEqual(finderRow.toReversed());
    expect([...dark.subarray(18 * 25, 18 * 25 + 8)]).toStrictEqual(finderRow);
  });

  it("changes only where its digits do from one frame to the next", () => {
    const one = markerModules("1123456000047111790000000123456767").dark;
    const next = markerModules("1123456000047121790000000156822000").dark;
    const changedCount = one.reduce((sum, module, index) => sum + (module === next[index] ? 0 : 1), 0);
    expect(changedCount).toBeGreaterThan(0);
    expect(changedCount).toBeLessThan(250);
  });

  it("of a link grows with the text", () => {
    expect(qrModules("https://gauge.example/r#abc").sideCount).toBeGreaterThanOrEqual(25);
    expect(qrModules("x".repeat(300)).sideCount).toBeGreaterThan(qrModules("x").sideCount);
  });
});
