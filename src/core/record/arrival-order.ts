/** What orders a frame, and what it is. */
export type Ordered<Frame> = {
  /** Instant in the file, in any unit. */
  readonly at: number;
  readonly receivedAtUs: number;
  readonly frame: Frame;
};

/** Puts frames that a network brought out of order into the order they were sent in. */
export type Reorder<Frame> = {
  /** Takes the frame that arrived next; answers those whose turn has come. */
  readonly push: (frame: Ordered<Frame>) => readonly Ordered<Frame>[];
  /** Answers the rest, after which nothing is pushed. */
  readonly end: () => readonly Ordered<Frame>[];
  /** Frames so far that came after their turn had passed, and were left out. */
  readonly lateCount: () => number;
};

/** How long a frame waits for earlier ones, us: past this no receiver asks for a packet again (RFC 4585 leaves it to them). */
const longestRepairUs = 2_000_000;

/**
 * Makes the waiting room of a file. A packet that was lost and sent again (RFC 4588) completes its frame after later ones, and one that was
 * sent twice, as senders do to probe for bandwidth, brings its frame again; receivers hand frames over as they become whole. A file needs
 * each once, in the order of decoding, which is that of WebRTC's instants, as nothing it sends refers to later pictures. What belongs before
 * the key frame that a file begins with is left out without being counted.
 * @param isSame whether two frames of one instant are one: layers of one picture are not
 */
export function createReorder<Frame>(isSame: (one: Frame, other: Frame) => boolean): Reorder<Frame> {
  const passed = new Set<number>();
  let waiting: readonly Ordered<Frame>[] = [];
  let passedAt = -Infinity;
  let firstAt: number | null = null;
  let late = 0;

  function takeTurns(nowUs: number): readonly Ordered<Frame>[] {
    const ready = waiting.findLastIndex(({ receivedAtUs }) => receivedAtUs <= nowUs - longestRepairUs);
    const turn = waiting.slice(0, ready + 1);
    waiting = waiting.slice(ready + 1);
    for (const { at } of turn) passed.add(at);
    passedAt = turn.at(-1)?.at ?? passedAt;
    return turn;
  }

  return {
    push: (arrival) => {
      const { at, frame } = arrival;
      firstAt ??= at;
      if (at < firstAt || passed.has(at)) return [];
      if (at < passedAt) {
        late += 1;
        return [];
      }
      if (waiting.some((other) => other.at === at && isSame(other.frame, frame))) return [];
      waiting = waiting.toSpliced(waiting.findLastIndex((other) => other.at <= at) + 1, 0, arrival);
      return takeTurns(arrival.receivedAtUs);
    },
    end: () => waiting,
    lateCount: () => late,
  };
}
