/** Remembers which of the latest ids were seen. */
export type IdWindow = {
  readonly has: (id: number) => boolean;
  readonly mark: (id: number) => void;
  /** Makes room for ids above `fromId` up to `toId`, as unseen; ids `idWindowSize` below are forgotten. */
  readonly advance: (fromId: number, toId: number) => void;
  readonly clear: () => void;
};

/** Ids remembered: over a minute at 60 frames a second. */
export const idWindowSize = 4096;

/** Makes a window that has seen none. */
export function createIdWindow(): IdWindow {
  const seen = new Uint8Array(idWindowSize);
  return {
    has: (id) => seen[id % idWindowSize] === 1,
    mark: (id) => {
      seen[id % idWindowSize] = 1;
    },
    advance: (fromId, toId) => {
      if (toId - fromId >= idWindowSize) seen.fill(0);
      else for (let id = fromId + 1; id <= toId; id += 1) seen[id % idWindowSize] = 0;
    },
    clear: () => {
      seen.fill(0);
    },
  };
}
