import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  isSameMap,
  type InitMap,
  type MediaPlaylist,
  type MultivariantPlaylist,
  type Part,
} from "./playlist.ts";
import { readPlaylist } from "./read.ts";
import { writeMediaPlaylist, writeMultivariantPlaylist } from "./write.ts";

const uri = fc.stringMatching(/^[a-z0-9/_.-]{1,20}$/);
const microseconds = fc.integer({ min: 0, max: 20_000_000 }).map((us) => us / 1_000_000);
const byteRange = fc.record({
  lengthBytes: fc.nat(1e9),
  offsetBytes: fc.option(fc.nat(1e9)),
});
const map: fc.Arbitrary<InitMap> = fc.record({ uri, byteRange: fc.option(byteRange) });
const part: fc.Arbitrary<Part> = fc.record({
  uri,
  durationS: microseconds,
  isIndependent: fc.boolean(),
  isGap: fc.boolean(),
  byteRange: fc.option(byteRange),
});
const head = fc.record({
  isDiscontinuity: fc.boolean(),
  programDateTimeMs: fc.option(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 })),
  map: fc.option(map),
  parts: fc.array(part, { maxLength: 4 }),
});
const segment = fc
  .tuple(
    head,
    fc.record({ uri, durationS: microseconds, byteRange: fc.option(byteRange), isGap: fc.boolean() }),
  )
  .map(([before, itself]) => Object.assign({}, before, itself));
const hint = fc.record({
  type: fc.constantFrom("PART" as const, "MAP" as const),
  uri,
  offsetBytes: fc.option(fc.nat()),
  lengthBytes: fc.option(fc.nat()),
});

/** Any media playlist that can be written: a map stays in force until another, and an open segment has something. */
const mediaPlaylist: fc.Arbitrary<MediaPlaylist> = fc
  .record({
    version: fc.integer({ min: 1, max: 12 }),
    targetDurationS: fc.integer({ min: 1, max: 20 }),
    partTargetS: fc.option(microseconds),
    serverControl: fc.option(
      fc.record({
        canBlockReload: fc.boolean(),
        canSkipUntilS: fc.option(microseconds),
        holdBackS: fc.option(microseconds),
        partHoldBackS: fc.option(microseconds),
      }),
    ),
    independentSegments: fc.boolean(),
    type: fc.constantFrom("EVENT" as const, "VOD" as const, null),
    mediaSequence: fc.nat(1e9),
    discontinuitySequence: fc.nat(1000),
    skippedCount: fc.nat(100),
    segments: fc.array(segment, { maxLength: 8 }),
    open: fc.option(head),
    hints: fc.array(hint, { maxLength: 2 }),
    reports: fc.array(fc.record({ uri, lastMsn: fc.nat(), lastPart: fc.option(fc.nat(50)) }), {
      maxLength: 3,
    }),
    isEnded: fc.boolean(),
  })
  .map(withMapsInForce);

/** Any multivariant playlist that can be written. */
const multivariantPlaylist: fc.Arbitrary<MultivariantPlaylist> = fc.record({
  version: fc.integer({ min: 1, max: 12 }),
  independentSegments: fc.boolean(),
  variants: fc.array(
    fc
      .record({
        uri,
        bandwidthBps: fc.nat(),
        averageBandwidthBps: fc.option(fc.nat()),
        codecs: fc.array(fc.stringMatching(/^[a-z0-9.]{1,12}$/), { maxLength: 2 }),
        size: fc.option(fc.tuple(fc.nat(9999), fc.nat(9999))),
        frameRateFps: fc.option(fc.nat(240_000).map((milli) => milli / 1000)),
        audioGroup: fc.option(uri),
      })
      .map(({ size, ...rest }) =>
        Object.assign({ widthPx: size?.[0] ?? null, heightPx: size?.[1] ?? null }, rest),
      ),
    { minLength: 1, maxLength: 4 },
  ),
  renditions: fc.array(
    fc.record({
      type: fc.constantFrom("AUDIO", "VIDEO", "SUBTITLES"),
      groupId: uri,
      name: fc.stringMatching(/^[a-zA-Z ,=]{1,12}$/),
      language: fc.option(fc.constantFrom("en", "de")),
      isDefault: fc.boolean(),
      isAutoselect: fc.boolean(),
      uri: fc.option(uri),
    }),
    { maxLength: 2 },
  ),
});

function withMapsInForce(playlist: MediaPlaylist): MediaPlaylist {
  let inForce: InitMap | null = null;
  const segments = playlist.segments.map((each) => {
    inForce = each.map ?? inForce;
    return { ...each, map: inForce };
  });
  const last = segments.at(-1)?.map ?? null;
  if (playlist.open === null) return { ...playlist, segments };
  const open = { ...playlist.open, map: playlist.open.map ?? last };
  const isNothing =
    open.parts.length === 0 &&
    !open.isDiscontinuity &&
    open.programDateTimeMs === null &&
    isSameMap(open.map, last);
  return { ...playlist, segments, open: isNothing ? null : open };
}

describe("what is written", () => {
  it("reads back as it was, media playlists with everything in them", () => {
    fc.assert(
      fc.property(mediaPlaylist, (media) => {
        expect(readPlaylist(writeMediaPlaylist(media), "here")).toEqual({
          ok: true,
          value: { playlist: { kind: "media", media }, oddities: [] },
        });
      }),
      { numRuns: 300 },
    );
  });

  it("reads back as it was, multivariant playlists with everything in them", () => {
    fc.assert(
      fc.property(multivariantPlaylist, (multivariant) => {
        expect(readPlaylist(writeMultivariantPlaylist(multivariant), "here")).toEqual({
          ok: true,
          value: { playlist: { kind: "multivariant", multivariant }, oddities: [] },
        });
      }),
    );
  });

  it("lets no address add a line or a tag of its own", () => {
    const [variant] = fc.sample(multivariantPlaylist, { numRuns: 1, seed: 1 });
    const hostile = 'a.m3u8\r\n#EXT-X-ENDLIST\n"b';
    const text = writeMultivariantPlaylist({
      ...variant!,
      variants: [{ ...variant!.variants[0]!, uri: hostile, audioGroup: hostile }],
      renditions: [],
    });
    expect(text.split("\n").filter((line) => line.startsWith("#EXT-X-ENDLIST"))).toEqual([]);
  });
});
