import { describe, expect, it } from "vitest";

import { carriesData, fixedModules } from "./pattern.ts";
import { markerModules } from "./qr.ts";

describe("what all markers have in common", () => {
  it.each(["1123456000047111790000000123456767", "1999999999999991999999999999999000", "1".padEnd(34, "0")])(
    "is in the symbol of %s",
    (payload) => {
      const { dark } = markerModules(payload);
      const wrong = [...fixedModules].filter(
        (module, index) => module !== carriesData && module !== dark[index],
      );
      expect(wrong).toStrictEqual([]);
    },
  );

  it("leaves 359 modules to the 44 codewords and 7 remainder bits of version 2", () => {
    expect([...fixedModules].filter((module) => module === carriesData)).toHaveLength(44 * 8 + 7);
  });
});
