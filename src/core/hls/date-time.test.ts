import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readDateTimeMs, writeDateTime } from "./date-time.ts";

describe("dates in playlists", () => {
  it("agree with the calendar of the language, every millisecond of ten thousand years", () => {
    const instant = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });
    fc.assert(
      fc.property(instant, (epochMs) => {
        expect(writeDateTime(epochMs)).toBe(new Date(epochMs).toISOString());
        expect(readDateTimeMs(writeDateTime(epochMs))).toBe(epochMs);
      }),
      { numRuns: 1000 },
    );
  });

  it("are written to the nearest millisecond", () => {
    expect(writeDateTime(1_795_250_609_999.6)).toBe("2026-11-21T08:43:30.000Z");
  });

  it.each([
    ["2026-11-21T07:10:01.123Z", "2026-11-21T07:10:01.123Z"],
    ["2026-11-21T07:10:01.123+0000", "2026-11-21T07:10:01.123Z"],
    ["2026-11-21T07:10:01.1234567+02:00", "2026-11-21T05:10:01.123Z"],
    ["2026-11-21T07:10:01-0530", "2026-11-21T12:40:01.000Z"],
    ["20261121T071001Z", "2026-11-21T07:10:01.000Z"],
  ])("are read as others write them: %s", (text, iso) => {
    expect(readDateTimeMs(text)).toBe(Date.parse(iso));
  });

  it.each([
    "",
    "now",
    "2026-13-01T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-01-01T00:00:61Z",
    "1".repeat(1e6),
  ])("are refused when they are none: %.20s", (text) => {
    expect(readDateTimeMs(text)).toBeNull();
  });
});
