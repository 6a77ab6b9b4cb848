import type { LivePlaylist } from "../../../core/hls/live.ts";
import type { HlsFile, PutOutcome, Uploader } from "./upload.ts";

/** A step of a playlist that may be told once its files are up. */
export type Commit = {
  readonly files: readonly HlsFile[];
  /** The playlist after it. */
  readonly live: LivePlaylist;
  /** Frames that it makes playable and their bytes, for the rates. */
  readonly frameCount: number;
  readonly mediaBytes: number;
};

/** Outcomes that end a run of commits. */
export type CommitTrouble = Exclude<PutOutcome, { readonly kind: "put" }>;

/** Puts files at once and playlists in order. */
export type CommitQueue = {
  readonly add: (commit: Commit) => void;
  /** The playlist as the server has it; null before the first. */
  readonly committed: () => LivePlaylist | null;
  /** Lets go of all that is under way; what follows builds on `committed`. */
  readonly drop: () => void;
};

/** Options of a commit queue. */
export type CommitQueueOptions = {
  readonly uploader: Uploader;
  readonly playlistName: string;
  readonly write: (live: LivePlaylist) => string;
  readonly onCommitted: (commits: readonly Commit[], before: LivePlaylist | null) => void;
  /** Round trip of one PUT. */
  readonly onRoundTrip: (roundTripMs: number) => void;
  /** Told once until `drop`. */
  readonly onTrouble: (trouble: CommitTrouble) => void;
};

type Upload = { readonly commit: Commit; isDone: boolean; readonly outcome: Promise<CommitTrouble | null> };

/** Makes a queue. Every upload begins when it is added, so that a slow file does not keep the next from starting. */
export function createCommitQueue(options: CommitQueueOptions): CommitQueue {
  const { uploader, playlistName } = options;
  let committed: LivePlaylist | null = null;
  let epoch = new AbortController();
  let waiting: Upload[] = [];
  let isBusy = false;

  const put = async (file: HlsFile, signal: AbortSignal): Promise<CommitTrouble | null> => {
    const outcome = await uploader.put(file, signal);
    if (outcome.kind !== "put") return outcome;
    options.onRoundTrip(outcome.roundTripMs);
    return null;
  };

  const start = (commit: Commit, { signal }: AbortController): Upload => {
    const outcomes = Promise.all(commit.files.map((file) => put(file, signal)));
    const upload: Upload = {
      commit,
      isDone: false,
      outcome: outcomes.then((troubles) => {
        upload.isDone = true;
        return troubles.find((trouble) => trouble !== null) ?? null;
      }),
    };
    // Dropped uploads reject with nobody waiting.
    upload.outcome.catch(() => undefined);
    return upload;
  };

  /** The uploads that can be told together: the first, and those after it that are up already. */
  const takeReady = async (): Promise<readonly Upload[] | CommitTrouble> => {
    const ready: Upload[] = [];
    while (waiting[0] !== undefined && (ready.length === 0 || waiting[0].isDone)) {
      const [first] = waiting;
      const trouble = await first.outcome;
      if (trouble !== null) return trouble;
      waiting = waiting.filter((upload) => upload !== first);
      ready.push(first);
    }
    return ready;
  };

  const drain = async (): Promise<void> => {
    const { signal } = epoch;
    while (waiting.length > 0) {
      const ready = await takeReady();
      signal.throwIfAborted();
      if ("kind" in ready) return options.onTrouble(ready);
      const commits = ready.map(({ commit }) => commit);
      const last = commits.at(-1);
      if (last === undefined) return undefined;
      const trouble = await put({ name: playlistName, bytes: options.write(last.live) }, signal);
      signal.throwIfAborted();
      if (trouble !== null) return options.onTrouble(trouble);
      const before = committed;
      committed = last.live;
      options.onCommitted(commits, before);
    }
    return undefined;
  };

  const run = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    const ownEpoch = epoch;
    try {
      await drain();
    } catch (error) {
      if (!ownEpoch.signal.aborted) throw error;
    } finally {
      if (ownEpoch === epoch) isBusy = false;
    }
  };

  return {
    committed: () => committed,
    add: (commit) => {
      waiting.push(start(commit, epoch));
      void run();
    },
    drop: () => {
      epoch.abort(new Error("the files under way are dropped"));
      epoch = new AbortController();
      waiting = [];
      isBusy = false;
    },
  };
}
