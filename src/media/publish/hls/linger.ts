import type { Timers } from "../../link/timers.ts";
import type { Destination } from "./destination.ts";
import type { StreamToken } from "./stream-token.ts";

/** Streams of this page that have ended but stand a while longer, so that viewers see them to their end. */
export type Lingering = {
  /** Takes a stream off its server after a while, then closes the destination; unless `takeBack` comes first. */
  readonly leave: (key: string, left: LeftStream) => void;
  /**
   * The stream of this key stays: it is published again. Resolves when its end is over, so that nothing of it comes after what
   * is put next, to its token, which is still held; to null where there is none.
   */
  readonly takeBack: (key: string) => Promise<StreamToken | null>;
};

/** A stream that has ended. */
export type LeftStream = {
  readonly destination: Pick<Destination, "clear" | "close">;
  /** Null where the server takes files without one of its own. */
  readonly token: StreamToken | null;
  /** Its files, once its end is up or was given up. Never rejects. */
  readonly ended: Promise<readonly string[]>;
  readonly afterMs: number;
};

/** Makes the book of streams that have ended. */
export function createLingering(timers: Timers): Lingering {
  const left = new Map<string, { readonly stream: LeftStream; readonly cancel: () => void }>();
  const clear = async (key: string, { destination, ended }: LeftStream): Promise<void> => {
    left.delete(key);
    await destination.clear(await ended);
    destination.close();
  };
  return {
    leave: (key, stream) => {
      const cancel = timers.after(stream.afterMs, () => void clear(key, stream));
      left.set(key, { stream, cancel });
    },
    takeBack: async (key) => {
      const kept = left.get(key);
      left.delete(key);
      kept?.cancel();
      await kept?.stream.ended;
      return kept?.stream.token ?? null;
    },
  };
}
