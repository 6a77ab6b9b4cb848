/** The secret of the stream that this tab publishes on the project's own server, kept so that a reload goes on with it. */
export type StreamToken = {
  /** Null: a new stream is to be made. */
  readonly read: () => string | null;
  readonly write: (putToken: string) => void;
  /** Another page may go on with the stream now. */
  readonly release: () => void;
};

type Locks = Pick<LockManager, "request">;

const storageKey = "streamgauge.hls";

/**
 * Claims this tab's token for streams of one shape. A tab that was duplicated has the same memory: the claim is a lock (W3C
 * web-locks), and who does not get it publishes a stream of its own.
 * @param shape what has to stay the same for viewers to go on, such as the rungs
 */
export async function claimStreamToken(
  storage: Pick<Storage, "getItem" | "setItem">,
  locks: Locks,
  shape: string,
): Promise<StreamToken> {
  const key = `${storageKey}.${shape}`;
  const kept = storage.getItem(key);
  let releases: readonly (() => void)[] = [];
  const claim = async (putToken: string): Promise<boolean> => {
    const release = await hold(locks, `${storageKey}.${putToken}`);
    if (release !== null) releases = [...releases, release];
    return release !== null;
  };
  let current = kept !== null && (await claim(kept)) ? kept : null;
  return {
    read: () => current,
    write: (putToken) => {
      if (putToken === current) return;
      current = putToken;
      storage.setItem(key, putToken);
      void claim(putToken);
    },
    release: () => {
      for (const release of releases) release();
    },
  };
}

/** Takes a lock if it is free; the answer gives it back. */
function hold(locks: Locks, name: string): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    void locks.request(name, { ifAvailable: true }, (lock) => {
      if (lock === null) {
        resolve(null);
        return undefined;
      }
      return new Promise<void>((release) => {
        resolve(() => release());
      });
    });
  });
}
