import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { toSenderUs } from "../clock/instants.ts";
import { maxFrameId, maxRunNumber, readPayload, writePayload, type Marker } from "./payload.ts";

const markers: fc.Arbitrary<Marker> = fc.record(
  {
    runNumber: fc.integer({ min: 0, max: maxRunNumber }),
    frameId: fc.integer({ min: 0, max: maxFrameId }),
    captureTimeUs: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }).map(toSenderUs),
  },
  { noNullPrototype: true },
);

const example: Marker = {
  runNumber: 123_456,
  frameId: 4711,
  captureTimeUs: toSenderUs(1_790_000_000_123_456),
};

function checked(body: string): string {
  return body + String(BigInt(body) % 997n).padStart(3, "0");
}

describe("a marker's payload", () => {
  it("is the example of the specification", () => {
    expect(writePayload(example)).toBe("1123456000047111790000000123456767");
  });

  it("is always 34 digits and reads back as the marker it was written from", () => {
    fc.assert(
      fc.property(markers, (marker) => {
        const text = writePayload(marker);
        expect(text).toMatch(/^\d{34}$/);
        expect(readPayload(text)).toStrictEqual({ kind: "marker", marker });
      }),
    );
  });

  it("is never read as another marker when one digit is wrong", () => {
    fc.assert(
      fc.property(markers, fc.nat(33), fc.integer({ min: 1, max: 9 }), (marker, place, step) => {
        const text = writePayload(marker);
        const wrong = String((Number(text.charAt(place)) + step) % 10);
        expect(readPayload(text.slice(0, place) + wrong + text.slice(place + 1)).kind).toBe("broken");
      }),
    );
  });

  it("is never read as another marker when two neighbouring digits are swapped", () => {
    fc.assert(
      fc.property(markers, fc.nat(32), (marker, place) => {
        const text = writePayload(marker);
        fc.pre(text.charAt(place) !== text.charAt(place + 1));
        const swapped =
          text.slice(0, place) + text.charAt(place + 1) + text.charAt(place) + text.slice(place + 2);
        expect(readPayload(swapped).kind).toBe("broken");
      }),
    );
  });

  it("says which format it is when that is not the one read here", () => {
    const reading = readPayload(checked("2123456000047111790000000123456"));
    expect(reading).toStrictEqual({
      kind: "broken",
      why: "the marker is of format 2; this page reads format 1",
    });
  });

  it("is broken when its capture time is no exact number", () => {
    expect(readPayload(checked("1123456000047119999999999999999")).kind).toBe("broken");
  });

  it.each([
    ["", "no text"],
    ["https://example.org/r/abc", "a link"],
    ["112345600004711179000000012345676", "one digit too few"],
    ["11234560000471117900000001234567670", "one digit too many"],
    ["112345600004711179000000012345676\n", "a line break"],
    ["１123456000047111790000000123456767", "a digit of another script"],
  ])("is foreign when it is %j (%s)", (text) => {
    expect(readPayload(text)).toStrictEqual({ kind: "foreign" });
  });

  it("is never read out of any other text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readPayload(text).kind).not.toBe("marker");
      }),
    );
  });

  it.each([
    { ...example, runNumber: maxRunNumber + 1 },
    { ...example, frameId: -1 },
    { ...example, frameId: 1.5 },
  ])("is refused as a bug when a number does not fit: %j", (marker) => {
    expect(() => writePayload(marker)).toThrow(RangeError);
  });
});
