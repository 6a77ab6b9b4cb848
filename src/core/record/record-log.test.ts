import { crc32 as nodeCrc32 } from "node:zlib";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { crc32 } from "./crc32.kernel.ts";
import { readLog, writeRecord } from "./record-log.ts";

type Written = { readonly head: { readonly name: string; readonly n: number }; readonly body: Uint8Array };

const records = fc.array(
  fc.record({
    head: fc.record({ name: fc.string({ unit: "grapheme", maxLength: 12 }), n: fc.integer() }),
    body: fc.uint8Array({ maxLength: 60 }),
  }),
  { maxLength: 6 },
);

function toLog(written: readonly Written[]): {
  readonly bytes: Uint8Array;
  readonly ends: readonly number[];
} {
  const pieces = written.map(({ head, body }) => writeRecord(head, body));
  let end = 0;
  const ends = pieces.map((piece) => (end += piece.length));
  return { bytes: Buffer.concat(pieces), ends };
}

function plain(log: ReturnType<typeof readLog>) {
  return log.records.map(({ head, body }) => ({ head, body: new Uint8Array(body) }));
}

describe("a log of records", () => {
  it("cut at any byte, reads back as every record before the cut, and as no other", () => {
    fc.assert(
      fc.property(records, fc.nat(), (written, at) => {
        const { bytes, ends } = toLog(written);
        const cut = at % (bytes.length + 1);
        const wholeCount = ends.filter((end) => end <= cut).length;
        const log = readLog(bytes.subarray(0, cut));
        expect(plain(log)).toEqual(written.slice(0, wholeCount));
        expect(log.wholeBytes).toBe(ends[wholeCount - 1] ?? 0);
      }),
    );
  });

  it("with any byte changed, reads back as the records before it", () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, at, change) => {
        const { bytes, ends } = toLog(written);
        if (bytes.length === 0) return;
        const damaged = Uint8Array.from(bytes);
        const place = at % bytes.length;
        damaged[place]! ^= change;
        const wholeCount = ends.filter((end) => end <= place).length;
        expect(plain(readLog(damaged))).toEqual(written.slice(0, wholeCount));
      }),
    );
  });

  it("says where each body stands", () => {
    fc.assert(
      fc.property(records, (written) => {
        const { bytes } = toLog(written);
        for (const { body, bodyAtBytes } of readLog(bytes).records) {
          expect(new Uint8Array(bytes.subarray(bodyAtBytes, bodyAtBytes + body.length))).toEqual(
            new Uint8Array(body),
          );
        }
      }),
    );
  });

  it("reads any bytes without harm", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(readLog(bytes).wholeBytes).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });

  it("has the checksum that others have, in one go and in pieces", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (first, second) => {
        const whole = Buffer.concat([first, second]);
        // Node 20.15 brought zlib.crc32.
        expect(crc32(second, crc32(first))).toBe(nodeCrc32(whole));
      }),
    );
  });
});
