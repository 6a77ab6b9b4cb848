import { describe, expect, it } from "vitest";

import { startLive, type LivePlaylist } from "../../../core/hls/live.ts";
import { createCommitQueue, type Commit } from "./commits.ts";
import type { PutOutcome } from "./upload.ts";

const empty = startLive(
  { targetDurationS: 1, partTargetS: 0.2, windowSegmentCount: 6, canBlockReload: true, canSkip: true },
  { uri: "init-0.mp4", byteRange: null },
);

const lost: PutOutcome = {
  kind: "lost",
  failure: { kind: "unreachable", what: "A file could not be put", where: "seg", next: "Look." },
};

/** A playlist that is told apart from others by its number. */
const liveOf = (mediaSequence: number): LivePlaylist => ({ ...empty, mediaSequence });

const commitOf = (number: number, bytes = 1): Commit => ({
  files: [{ name: `seg-${number}`, bytes: new Uint8Array(bytes) }],
  live: liveOf(number),
  frameCount: 6,
  mediaBytes: bytes,
});

const settle = () => new Promise((resolve) => setImmediate(resolve));

function createSubject() {
  const puts: string[] = [];
  const open = new Map<string, (outcome: PutOutcome) => void>();
  const committed: number[][] = [];
  const troubles: string[] = [];
  const queue = createCommitQueue({
    uploader: {
      put: ({ name, bytes }, signal) => {
        puts.push(typeof bytes === "string" ? `${name} ${bytes}` : name);
        return new Promise((resolve, reject) => {
          open.set(name, resolve);
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        });
      },
    },
    playlistName: "index",
    write: (live) => String(live.mediaSequence),
    onCommitted: (commits) => committed.push(commits.map(({ live }) => live.mediaSequence)),
    onRoundTrip: () => undefined,
    onTrouble: ({ failure }) => troubles.push(failure.what),
  });
  const answer = async (name: string, outcome: PutOutcome = { kind: "put", roundTripMs: 5 }) => {
    open.get(name)?.(outcome);
    await settle();
  };
  return { queue, puts, committed, troubles, answer };
}

describe("the queue of what is to be published", () => {
  it("tells no file before it is up", async () => {
    const { queue, puts, answer } = createSubject();
    queue.add(commitOf(1));
    await settle();
    expect(puts).toEqual(["seg-1"]);
    await answer("seg-1");
    expect(puts).toEqual(["seg-1", "index 1"]);
  });

  it("sends every file at once, and tells them in order whichever is up first", async () => {
    const { queue, puts, answer, committed } = createSubject();
    for (const number of [1, 2, 3]) queue.add(commitOf(number));
    await answer("seg-2");
    await answer("seg-3");
    expect(puts).toEqual(["seg-1", "seg-2", "seg-3"]);
    await answer("seg-1");
    await answer("index");
    expect(puts.slice(3)).toEqual(["index 3"]);
    expect(committed).toEqual([[1, 2, 3]]);
    expect(queue.committed()?.mediaSequence).toBe(3);
  });

  it("stops at a file that did not come up, and goes on with what is added after it was let go", async () => {
    const { queue, troubles, answer, committed } = createSubject();
    queue.add(commitOf(1));
    queue.add(commitOf(2));
    await answer("seg-2");
    await answer("seg-1", lost);
    expect(troubles).toEqual(["A file could not be put"]);
    queue.drop();
    await settle();
    queue.add(commitOf(3));
    await answer("seg-3");
    await answer("index");
    expect(committed).toEqual([[3]]);
  });

  it("holds no more than a bound of what a slow upload leaves", () => {
    const { queue, troubles } = createSubject();
    for (const number of [1, 2, 3]) queue.add(commitOf(number, 40 * 1024 * 1024));
    expect(troubles).toEqual(["The upload fell behind the stream"]);
  });
});
