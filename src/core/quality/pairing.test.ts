import { describe, expect, it } from "vitest";

import { openFakeVideo } from "./frame-source.fake.ts";
import { type Alignment, type PairingFacts, pairFrames } from "./pairing.ts";

type Ids = readonly (number | null)[];

function range(from: number, to: number): Ids {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Pairs as [place in the reference, place in the received video]. */
async function pairsOf(
  made: Ids,
  got: Ids,
  alignment: Alignment,
  runNumber = 1,
): Promise<{ readonly places: readonly (readonly [number, number])[]; readonly facts: PairingFacts }> {
  const reference = openFakeVideo("made", { ids: made });
  const pairs = await pairFrames(reference, openFakeVideo("got", { ids: got, runNumber }), alignment);
  const places: (readonly [number, number])[] = [];
  for (let pair = await pairs.next(); pair !== null; pair = await pairs.next()) {
    if (pair.received !== null) places.push([pair.reference.index, pair.received.index]);
  }
  return { places, facts: pairs.facts() };
}

const byMarker = { kind: "marker" } as const;
const auto = { kind: "auto" } as const;

describe("frames paired by marker", () => {
  it.each<[string, Ids, readonly (readonly [number, number])[], Partial<PairingFacts["markers"]>]>([
    [
      "find their references where frames were lost",
      [10, 13, 14],
      [
        [0, 0],
        [3, 1],
        [4, 2],
      ],
      {},
    ],
    [
      "count once where a frame is shown twice",
      [11, 11, 12],
      [
        [1, 0],
        [2, 2],
      ],
      { repeatedCount: 1 },
    ],
    [
      "are known by their neighbours where a marker is smeared",
      [10, null, null, 13],
      [
        [0, 0],
        [1, 1],
        [2, 2],
        [3, 3],
      ],
      { inferredCount: 2 },
    ],
    [
      "are left out where their neighbours do not tell",
      [10, null, 14],
      [
        [0, 0],
        [4, 2],
      ],
      { unreadCount: 1 },
    ],
    [
      "are left out at the end, where nothing follows that tells",
      [10, 11, null],
      [
        [0, 0],
        [1, 1],
      ],
      { unreadCount: 1 },
    ],
  ])("%s", async (_words, got, places, counts) => {
    const found = await pairsOf(range(10, 16), got, byMarker);
    expect(found.places).toEqual(places);
    expect(found.facts.markers).toMatchObject(counts);
  });

  it("of another run are strangers, all of them", async () => {
    const { places, facts } = await pairsOf(range(0, 5), range(0, 5), byMarker, 2);
    expect(places).toEqual([]);
    expect(facts.strangerCount).toBe(6);
  });

  it("that the reference does not hold are strangers", async () => {
    const { places, facts } = await pairsOf(range(4, 6), range(2, 9), byMarker);
    expect(places).toEqual([
      [0, 2],
      [1, 3],
      [2, 4],
    ]);
    expect(facts.strangerCount).toBe(5);
  });
});

describe("frames paired by index", () => {
  it.each<[number, readonly (readonly [number, number])[]]>([
    [
      0,
      [
        [0, 0],
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    ],
    [
      2,
      [
        [2, 0],
        [3, 1],
      ],
    ],
    [
      -1,
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
    ],
    [9, []],
  ])("with offset %i", async (offset, places) => {
    const blank = [null, null, null, null];
    expect((await pairsOf(blank, blank, { kind: "index", offset })).places).toEqual(places);
  });
});

it("videos that both show markers are paired by them, others by index", async () => {
  expect((await pairsOf(range(0, 3), [null, 2], auto)).facts.by).toBe("marker");
  expect((await pairsOf(range(0, 3), [null, null], auto)).facts.by).toBe("index");
});

it("a video that ended stays ended", async () => {
  const { places } = await pairsOf([null, null], [null], auto);
  expect(places).toEqual([[0, 0]]);
});
