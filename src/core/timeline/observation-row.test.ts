import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { toReceiverUs, toSenderUs } from "../clock/instants.ts";
import { maxFrameId, maxRunNumber } from "../marker/payload.ts";
import { measured, missing } from "../measured.ts";
import { csvHeader, toCsvLines } from "./observation-csv.ts";
import { readRows, rowBytes, writeRow, type LoggedObservation } from "./observation-row.ts";

const epochUs = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const figure = fc.double({ noNaN: true, noDefaultInfinity: true });

const readings: fc.Arbitrary<LoggedObservation["observation"]["reading"]> = fc.oneof(
  fc.record({
    read: fc.constant<true>(true),
    by: fc.constantFrom("tracked", "found", "rescued"),
    marker: fc.record({
      runNumber: fc.integer({ min: 0, max: maxRunNumber }),
      frameId: fc.integer({ min: 0, max: maxFrameId }),
      captureTimeUs: epochUs.map(toSenderUs),
    }),
  }),
  fc.record({
    read: fc.constant<false>(false),
    why: fc.constantFrom("absent", "broken", "foreign", "busy", "unavailable"),
  }),
);

const logged: fc.Arbitrary<LoggedObservation> = fc.record({
  observation: fc.record({
    displayTimeUs: epochUs.map(toReceiverUs),
    displayTimeSource: fc.constantFrom("reported", "inferred"),
    reading: readings,
    presentationTimeUs: fc.integer({ min: -1e12, max: 1e12 }),
    widthPx: fc.integer({ min: 1, max: 8192 }),
    heightPx: fc.integer({ min: 1, max: 8192 }),
    readMs: figure.filter((value) => value >= 0),
  }),
  latencyMs: fc.oneof(
    fc.tuple(figure, figure).map(([value, bound]) => measured(value, bound)),
    fc.constant(missing("the latency was not known when the frame was displayed")),
  ),
});

describe("an observation kept as a row", () => {
  it("comes back as it was, wherever it stands", () => {
    fc.assert(
      fc.property(fc.array(logged, { maxLength: 8 }), (all) => {
        const bytes = new Uint8Array(all.length * rowBytes);
        for (const [row, one] of all.entries()) writeRow(new DataView(bytes.buffer), row, one);
        expect(readRows(bytes)).toEqual(all);
      }),
    );
  });

  it("is a line of as many cells as the header has names", () => {
    fc.assert(
      fc.property(logged, (one) => {
        const cells = toCsvLines([one], 7).split(",");
        expect(cells).toHaveLength(csvHeader.split(",").length);
        expect(cells[0]).toBe("7");
      }),
    );
  });
});

describe("the CSV of observations", () => {
  const observation: LoggedObservation["observation"] = {
    displayTimeUs: toReceiverUs(1_790_000_000_160_000),
    displayTimeSource: "reported",
    reading: {
      read: true,
      by: "tracked",
      marker: { runNumber: 123_456, frameId: 4711, captureTimeUs: toSenderUs(1_790_000_000_123_456) },
    },
    presentationTimeUs: 2_087_000,
    widthPx: 1280,
    heightPx: 720,
    readMs: 0.25,
  };

  it("has every figure with its unit in the header", () => {
    expect(csvHeader + toCsvLines([{ observation, latencyMs: measured(36.5444, 0.21) }], 0)).toBe(
      "index,displayTimeUs,displayTimeSource,reading,runNumber,frameId,captureTimeUs,latencyMs,latencyBoundMs," +
        "presentationTimeUs,widthPx,heightPx,readMs\r\n" +
        "0,1790000000160000,reported,tracked,123456,4711,1790000000123456,36.544,0.210,2087000,1280,720,0.250\r\n",
    );
  });

  it("leaves empty what is not known, and writes no 0 for it", () => {
    const unread = { ...observation, reading: { read: false, why: "busy" } } as const;
    expect(toCsvLines([{ observation: unread, latencyMs: missing("no marker") }], 3)).toBe(
      "3,1790000000160000,reported,busy,,,,,,2087000,1280,720,0.250\r\n",
    );
  });
});
