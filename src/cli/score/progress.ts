import type { WriteStream } from "node:tty";

import type { ScoreProgress } from "../../core/quality/score-dispatch.ts";

/** One line on a terminal that says how far it is and how long it will take. */
export type ProgressLine = {
  readonly show: (progress: ScoreProgress) => void;
  /** Takes the line away. */
  readonly clear: () => void;
};

/** Shows nothing, for whoever reads the result alone. */
export const silentScoreProgress: ProgressLine = { show: () => undefined, clear: () => undefined };

/** Makes a progress line; where nobody looks, for it is no terminal, it stays silent. */
export function createScoreProgress(
  stream: Pick<WriteStream, "write"> & { readonly isTTY?: boolean },
): ProgressLine {
  if (stream.isTTY !== true) return silentScoreProgress;
  const beganMs = performance.now();
  return {
    show: ({ scoredCount, expectedCount }) => {
      const perS = (scoredCount * 1000) / (performance.now() - beganMs);
      const left =
        expectedCount === null || expectedCount < scoredCount
          ? ""
          : ` of ${expectedCount}, ${Math.ceil((expectedCount - scoredCount) / perS)} s left`;
      stream.write(`\r\u001B[K${scoredCount}${left}, ${perS.toFixed(1)} frames a second`);
    },
    clear: () => void stream.write("\r\u001B[K"),
  };
}
