import {
  reduceLive,
  startLive,
  toMediaPlaylist,
  type LiveOptions,
  type LivePlaylist,
} from "../../../core/hls/live.ts";
import { topPlaylistName } from "../../../core/hls/names.ts";
import { listedUris } from "../../../core/hls/playlist.ts";
import { writeMediaPlaylist } from "../../../core/hls/write.ts";
import { createDeferred, type Deferred } from "../../link/deferred.ts";
import type { EncodedChunk } from "../encode/encode.protocol.ts";
import { createClaimBook, type ClaimBook } from "./claims.ts";
import { createCommitQueue, type Commit, type CommitQueue, type CommitTrouble } from "./commits.ts";
import { commonEndOf } from "./cut.ts";
import { createLadderPut, reportsOf, type LadderPut } from "./ladder.ts";
import { alignRungs, endNamed, withoutFiles } from "./numbering.ts";
import type { HlsPlan, HlsRung } from "./plan.ts";
import type { PutCounts } from "./rates.ts";
import { createRendition, type Rendition } from "./rendition.ts";
import type { Uploader } from "./upload.ts";

/** Puts a ladder of renditions to a server. */
export type Publisher = {
  readonly take: (chunk: EncodedChunk) => void;
  readonly counts: () => PutCounts;
  /** Lets go of all that is under way; until `resume`, frames are thrown away. */
  readonly suspend: () => void;
  /**
   * Goes on at the next segments with a discontinuity.
   * @param hasFiles false: the server has lost what was put
   */
  readonly resume: (hasFiles: boolean) => void;
  /** A playlist as the server has it, to find out by whether it takes files again; null before the first. */
  readonly probe: () => { readonly name: string; readonly bytes: string } | null;
  /**
   * Takes no more frames, and puts those that it has as last segments, with playlists that end the stream. All rungs end at one
   * place where their frames allow it. Resolves when all is up or was given up: because a file could not be put, by `suspend`,
   * or at once where viewers cannot come or nothing gets through.
   */
  readonly finish: () => Promise<void>;
  /**
   * The last playlists of the rungs whose end is not up yet, by what the server has: a segment within which they end is marked
   * as absent. None where nothing was put yet.
   */
  readonly ending: () => readonly { readonly name: string; readonly bytes: string }[];
  /** Every file that is up and listed, playlists included. */
  readonly listed: () => readonly string[];
};

/** Options of a publisher. */
export type PublisherOptions = {
  readonly plan: HlsPlan;
  readonly codec: "h264" | "vp9" | "av1";
  readonly fps: number;
  readonly holdMs: number;
  readonly live: LiveOptions;
  readonly uploader: Uploader;
  /** What an earlier page left of each rung, taken up by `resumeLive`; null where there is nothing. */
  readonly left: readonly (LivePlaylist | null)[];
  /** Every rung can be played. Called once. */
  readonly onLive: () => void;
  /** Not told of what `finish` puts. */
  readonly onTrouble: (trouble: CommitTrouble) => void;
  readonly onBroken: (error: unknown) => void;
  /** Files that a playlist no longer lists. */
  readonly onRetired: (names: readonly string[]) => void;
};

type Track = {
  readonly rung: HlsRung;
  readonly queue: CommitQueue;
  readonly rendition: Rendition;
  readonly start: LivePlaylist;
  readonly claims: ClaimBook;
  codec: string | null;
  /** Settled when its end is up or was given up. */
  over: Deferred<null>;
};

type Book = {
  readonly options: PublisherOptions;
  tracks: readonly Track[];
  counts: PutCounts;
  phase: "taking" | "ending" | "suspended";
  isLive: boolean;
  readonly ladder: LadderPut;
};

/** Makes a publisher. Whoever made it suspends it before letting go of it. */
export function createPublisher(options: PublisherOptions): Publisher {
  const book: Book = {
    options,
    tracks: [],
    counts: { frameCount: 0, mediaBytes: 0, roundTripCount: 0, roundTripSumMs: 0 },
    phase: "taking",
    isLive: false,
    ladder: createLadderPut({
      uploader: options.uploader,
      onPut: () => tellLive(book),
      onTrouble: (trouble) => {
        if (book.phase === "taking") options.onTrouble(trouble);
      },
    }),
  };
  book.tracks = openTracks(book);
  return {
    take: (chunk) => {
      const track = book.tracks[chunk.rungIndex];
      if (track === undefined) return;
      track.codec = chunk.decoderConfig?.codec ?? track.codec;
      if (book.phase === "taking") track.rendition.take(chunk);
    },
    counts: () => book.counts,
    suspend: () => {
      book.phase = "suspended";
      for (const { queue, over } of book.tracks) {
        queue.drop();
        over.settle(null);
      }
    },
    resume: (hasFiles) => {
      const stood = book.tracks.map(({ queue, start }) => queue.committed() ?? start);
      const lives = alignRungs(hasFiles ? stood : stood.map(withoutFiles));
      for (const [index, from] of lives.entries()) book.tracks[index]?.rendition.restart(from);
      book.phase = "taking";
      book.ladder.forget();
    },
    probe: () => {
      const [track] = book.tracks;
      const live = track?.queue.committed() ?? null;
      return track === undefined || live === null ? null : { name: playlistOf(track), bytes: write(live) };
    },
    finish: () => finish(book),
    ending: () =>
      book.tracks.flatMap((track) => {
        const live = track.queue.committed();
        return live === null || live.isEnded
          ? []
          : [{ name: playlistOf(track), bytes: write(endNamed(live)) }];
      }),
    listed: () => [...new Set(book.tracks.flatMap(listedOf))],
  };
}

async function finish(book: Book): Promise<void> {
  const { tracks } = book;
  if (book.phase !== "taking" || !book.isLive) return;
  book.phase = "ending";
  const endSlot = commonEndOf(tracks.map(({ rendition }) => rendition.reach()));
  for (const track of tracks) {
    track.over = createDeferred();
    track.rendition.end(endSlot);
  }
  await Promise.all(tracks.map(({ over }) => over.promise));
}

function openTracks(book: Book): readonly Track[] {
  const { plan, left, live } = book.options;
  const none = startLive(live, { uri: "", byteRange: null });
  const starts = alignRungs(plan.rungs.map((_rung, index) => left[index] ?? none));
  return plan.rungs.map((rung, index) => openTrack(book, rung, starts[index] ?? none, index));
}

function openTrack(book: Book, rung: HlsRung, start: LivePlaylist, index: number): Track {
  const { options } = book;
  const { plan, codec, fps, holdMs, uploader } = options;
  const queue = createCommitQueue({
    uploader,
    playlistName: rung.folder === "" ? topPlaylistName : `${rung.folder}/${topPlaylistName}`,
    write: (live) => write(withReports(book, index, live)),
    onRoundTrip: (roundTripMs) => {
      const { roundTripCount, roundTripSumMs } = book.counts;
      book.counts = {
        ...book.counts,
        roundTripCount: roundTripCount + 1,
        roundTripSumMs: roundTripSumMs + roundTripMs,
      };
    },
    onCommitted: (commits, before) => committed(book, index, commits, before),
    onTrouble: (trouble) => {
      track.over.settle(null);
      if (book.phase === "taking") options.onTrouble(trouble);
    },
  });
  const rendition = createRendition({
    codec,
    fps,
    holdMs,
    cadence: plan.cadence,
    folder: rung.folder,
    from: start,
    // What a rendition still had in hand when uploads were let go builds on files that never came up.
    onCommit: (commit) => {
      if (book.phase !== "suspended") queue.add(commit);
    },
    onBroken: (error) => {
      track.over.settle(null);
      options.onBroken(error);
    },
  });
  const track: Track = {
    rung,
    queue,
    rendition,
    start,
    claims: createClaimBook(rung),
    codec: null,
    over: createDeferred(),
  };
  return track;
}

function listedOf(track: Track): readonly string[] {
  const live = track.queue.committed();
  return live === null ? [] : [topPlaylistName, playlistOf(track), ...filesOf(track.rung, live)];
}

function playlistOf({ rung }: Track): string {
  return rung.folder === "" ? topPlaylistName : `${rung.folder}/${topPlaylistName}`;
}

function write(live: LivePlaylist): string {
  return writeMediaPlaylist(toMediaPlaylist(live));
}

function withReports({ tracks, options }: Book, index: number, live: LivePlaylist): LivePlaylist {
  if (!options.live.canBlockReload || tracks.length < 2 || live.isEnded) return live;
  const others = tracks.filter((_track, other) => other !== index);
  const reports = reportsOf(others.map(({ rung, queue }) => ({ rung, live: queue.committed() })));
  return reduceLive(live, { kind: "reports", reports });
}

function committed(book: Book, index: number, commits: readonly Commit[], before: LivePlaylist | null): void {
  const { counts, options, tracks } = book;
  const frames = index === 0 ? commits.reduce((sum, commit) => sum + commit.frameCount, 0) : 0;
  const bytes = commits.reduce((sum, commit) => sum + commit.mediaBytes, 0);
  book.counts = { ...counts, frameCount: counts.frameCount + frames, mediaBytes: counts.mediaBytes + bytes };
  const track = tracks[index];
  const live = commits.at(-1)?.live;
  if (track === undefined || live === undefined) return;
  if (before !== null) options.onRetired(goneBetween(track, before, live));
  if (live.isEnded) track.over.settle(null);
  // A last segment may be too short to tell a bitrate by, and who plays on has chosen by what was claimed.
  if (book.phase === "ending") return;
  weigh(track, commits);
  if (tracks.every(({ queue }) => queue.committed() !== null && isPlayable(queue.committed()))) settle(book);
}

function isPlayable(live: LivePlaylist | null): boolean {
  return live !== null && live.segments.length + live.open.parts.length > 0;
}

/** The master playlist goes up once every rung is there, and again when a claim in it no longer holds. */
function settle(book: Book): void {
  const { options, tracks } = book;
  const isLadder = options.plan.rungs.some(({ folder }) => folder !== "");
  if (!isLadder) {
    tellLive(book);
    return;
  }
  book.ladder.say(
    tracks.map(({ rung, codec, claims }) => ({
      rung,
      codec: codec ?? "",
      fps: options.fps,
      claims: claims.claims(),
    })),
  );
}

function tellLive(book: Book): void {
  if (book.isLive) return;
  book.isLive = true;
  book.options.onLive();
}

function weigh({ claims }: Track, commits: readonly Commit[]): void {
  for (const { live, files } of commits) {
    const segment = live.segments.at(-1);
    const file = files.find(({ name }) => segment !== undefined && name.endsWith(`/${segment.uri}`));
    if (segment !== undefined && file !== undefined) claims.add(file.bytes.length, segment.durationS);
  }
}

function goneBetween({ rung }: Track, before: LivePlaylist, after: LivePlaylist): readonly string[] {
  const listed = new Set(filesOf(rung, after));
  return filesOf(rung, before).filter((name) => !listed.has(name));
}

function filesOf({ folder }: HlsRung, live: LivePlaylist): readonly string[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  return listedUris(toMediaPlaylist(live)).map((name) => `${prefix}${name}`);
}
