import type { Timers } from "../../link/timers.ts";
import type { Destination } from "./destination.ts";
import type { StreamToken } from "./stream-token.ts";

/** Streams of this page that have ended but stand a while longer, so that viewers see them to their end. */
export type Lingering = {
  /** Takes a stream off its server after a while, then closes the destination; unless `takeBack` comes first. */
  readonly leave: (key: string, left: LeftStream) => void;
  /** The stream of this key stays: it is published again. Its token, which is still held; null where there is none. */
  readonly takeBack: (key: string) => StreamToken | null;
};

/** A stream that has ended. */
export type LeftStream = {
  readonly destination: Pick<Destination, "clear" | "close">;
  /** Null where the server takes files without one of its own. */
  readonly token: StreamToken | null;
  readonly files: readonly string[];
  readonly afterMs: number;
};

/** Makes the book of streams that have ended. */
export function createLingering(timers: Timers): Lingering {
  const left = new Map<string, { readonly stream: LeftStream; readonly cancel: () => void }>();
  const clear = async (key: string, { destination, files }: LeftStream): Promise<void> => {
    left.delete(key);
    await destination.clear(files);
    destination.close();
  };
  return {
    leave: (key, stream) => {
      const cancel = timers.after(stream.afterMs, () => void clear(key, stream));
      left.set(key, { stream, cancel });
    },
    takeBack: (key) => {
      const kept = left.get(key);
      left.delete(key);
      kept?.cancel();
      return kept?.stream.token ?? null;
    },
  };
}
