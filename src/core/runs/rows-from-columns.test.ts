import * as fc from "fast-check";
import { expect, it } from "vitest";

import { toReceiverUs, toSenderUs } from "../clock/instants.ts";
import { measured, missing } from "../measured.ts";
import { rowBytes, writeRow, type LoggedObservation } from "../timeline/observation-row.ts";
import { toColumns } from "./observation-columns.ts";
import { toRows } from "./rows-from-columns.ts";

const epochUs = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const figure = fc.double({ noNaN: true, noDefaultInfinity: true });
const sizePx = fc.integer({ min: 1, max: 8192 });

const logged: fc.Arbitrary<LoggedObservation> = fc.record({
  observation: fc.record({
    displayTimeUs: epochUs.map(toReceiverUs),
    displayTimeSource: fc.constantFrom("reported", "inferred"),
    reading: fc.oneof(
      fc.record({
        read: fc.constant<true>(true),
        by: fc.constantFrom("tracked", "found", "rescued"),
        marker: fc.record({
          runNumber: fc.nat(999_999),
          frameId: fc.nat(9_999_999),
          captureTimeUs: epochUs.map(toSenderUs),
        }),
      }),
      fc.record({
        read: fc.constant<false>(false),
        why: fc.constantFrom("absent", "broken", "foreign", "busy", "unavailable"),
      }),
    ),
    presentationTimeUs: fc.integer(),
    widthPx: sizePx,
    heightPx: sizePx,
    readMs: figure,
  }),
  latencyMs: fc.oneof(
    fc.tuple(figure, figure).map(([value, bound]) => measured(value, bound)),
    fc.constant(missing("the latency was not known when the frame was displayed")),
  ),
});

it("rows that became columns come back as they were", () => {
  fc.assert(
    fc.property(fc.array(logged, { maxLength: 6 }), fc.nat(), (all, firstIndex) => {
      const bytes = new Uint8Array(all.length * rowBytes);
      for (const [row, one] of all.entries()) writeRow(new DataView(bytes.buffer), row, one);
      expect(toRows(toColumns(bytes, firstIndex))).toEqual(bytes);
    }),
  );
});
