import type { WriteStream } from "node:tty";

import type { Pictures } from "./render-pictures.ts";

/** One line on a terminal that says how far it is. */
export type Progress = {
  readonly show: (doneCount: number) => void;
  /** Takes the line away. */
  readonly clear: () => void;
};

/** Milliseconds between two updates. */
const updateEveryMs = 250;

/** Shows nothing, for whoever reads the result alone. */
export const silentProgress: Progress = { show: () => undefined, clear: () => undefined };

/** Makes a progress line; where nobody looks, for it is no terminal, it stays silent. */
export function createProgress(
  stream: Pick<WriteStream, "write"> & { readonly isTTY?: boolean },
  { frameCount }: Pick<Pictures, "frameCount">,
): Progress {
  if (stream.isTTY !== true) return silentProgress;
  const beganMs = performance.now();
  let shownMs = beganMs;
  return {
    show: (doneCount) => {
      const nowMs = performance.now();
      if (nowMs - shownMs < updateEveryMs) return;
      shownMs = nowMs;
      const fps = ((doneCount * 1000) / (nowMs - beganMs)).toFixed(0);
      const share =
        frameCount === null ? "" : `/${frameCount}, ${Math.floor((100 * doneCount) / frameCount)} %`;
      stream.write(`\r\u001B[K${doneCount}${share}, ${fps} frames a second`);
    },
    clear: () => void stream.write("\r\u001B[K"),
  };
}
