/** Hands finished frames on, each after the same hold. */
export type HandOver = {
  /** Takes the frame over. */
  readonly take: (frame: VideoFrame) => void;
};

/**
 * Makes a hand-over in the order of taking.
 * @param holdMs how long each frame waits; 0 hands it on in the same breath
 * @param after the timers of wherever this runs
 */
export function createHandOver(
  holdMs: number,
  after: (delayMs: number, call: () => void) => void,
  deliver: (frame: VideoFrame) => void,
): HandOver {
  const waiting: VideoFrame[] = [];
  return {
    take: (frame) => {
      if (holdMs === 0) {
        deliver(frame);
        return;
      }
      waiting.push(frame);
      after(holdMs, () => {
        const first = waiting.shift();
        if (first !== undefined) deliver(first);
      });
    },
  };
}
