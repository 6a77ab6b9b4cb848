import type { Failure } from "../../../core/failure.ts";
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

type Queue = {
  readonly options: CommitQueueOptions;
  committed: LivePlaylist | null;
  /** Of the uploads since the last drop. */
  epoch: AbortController;
  waiting: readonly Upload[];
  isBusy: boolean;
};

/** Media that may wait to be taken, bytes: an upload slower than the stream must not fill the page's memory. */
const maxWaitingBytes = 64 * 1024 * 1024;

/** Makes a queue. Every upload begins when it is added, so that a slow file does not keep the next from starting. */
export function createCommitQueue(options: CommitQueueOptions): CommitQueue {
  const queue: Queue = {
    options,
    committed: null,
    epoch: new AbortController(),
    waiting: [],
    isBusy: false,
  };
  return {
    committed: () => queue.committed,
    add: (commit) => {
      if (waitingBytes(queue) > maxWaitingBytes) {
        options.onTrouble({ kind: "lost", failure: tooMuchWaits });
        return;
      }
      queue.waiting = [...queue.waiting, start(queue, commit)];
      void run(queue);
    },
    drop: () => {
      queue.epoch.abort(new Error("the files under way are dropped"));
      queue.epoch = new AbortController();
      queue.waiting = [];
      queue.isBusy = false;
    },
  };
}

function waitingBytes({ waiting }: Queue): number {
  return waiting.reduce((sum, { commit }) => sum + sumBytes(commit.files), 0);
}

function sumBytes(files: readonly HlsFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

async function put({ options }: Queue, file: HlsFile, signal: AbortSignal): Promise<CommitTrouble | null> {
  const outcome = await options.uploader.put(file, signal);
  if (outcome.kind !== "put") return outcome;
  options.onRoundTrip(outcome.roundTripMs);
  return null;
}

function start(queue: Queue, commit: Commit): Upload {
  const { signal } = queue.epoch;
  const upload: Upload = {
    commit,
    isDone: false,
    outcome: Promise.all(commit.files.map((file) => put(queue, file, signal))).then((troubles) => {
      upload.isDone = true;
      return troubles.find((trouble) => trouble !== null) ?? null;
    }),
  };
  // Dropped uploads reject with nobody waiting.
  upload.outcome.catch(() => undefined);
  return upload;
}

/** Tells what is up until nothing waits; a later `add` begins it anew. */
async function run(queue: Queue): Promise<void> {
  if (queue.isBusy) return;
  queue.isBusy = true;
  const { epoch } = queue;
  try {
    while (queue.waiting.length > 0) {
      const trouble = await tellNext(queue, epoch.signal);
      if (trouble === null) continue;
      queue.options.onTrouble(trouble);
      break;
    }
  } catch (error) {
    if (!epoch.signal.aborted) throw error;
  } finally {
    if (queue.epoch === epoch) queue.isBusy = false;
  }
}

/** Puts the playlist that lists the first upload and all after it that are up already. Throws when dropped. */
async function tellNext(queue: Queue, signal: AbortSignal): Promise<CommitTrouble | null> {
  const { options } = queue;
  const ready: Commit[] = [];
  // What is added meanwhile is told too, if it is up by then.
  for (;;) {
    const upload = queue.waiting[ready.length];
    if (upload === undefined || (ready.length > 0 && !upload.isDone)) break;
    const trouble = await upload.outcome;
    signal.throwIfAborted();
    if (trouble !== null) return trouble;
    ready.push(upload.commit);
  }
  const last = ready.at(-1);
  if (last === undefined) return null;
  const trouble = await put(queue, { name: options.playlistName, bytes: options.write(last.live) }, signal);
  signal.throwIfAborted();
  if (trouble !== null) return trouble;
  const before = queue.committed;
  queue.committed = last.live;
  queue.waiting = queue.waiting.slice(ready.length);
  options.onCommitted(ready, before);
  return null;
}

const tooMuchWaits: Failure = {
  kind: "timed-out",
  what: "The upload fell behind the stream",
  where: `${maxWaitingBytes / 1024 / 1024} MiB of media wait to be taken`,
  next: "The upload carries less than the stream's bitrate: lower it, or look at the network.",
};
