import { checkMedia, checkSuccession } from "../../../core/hls/check.ts";
import type { LiveOptions } from "../../../core/hls/live.ts";
import { liveEdgeOf, type MediaPlaylist, type Segment } from "../../../core/hls/playlist.ts";
import { readPlaylist } from "../../../core/hls/read.ts";
import { senderDefaults } from "../../../core/wire/setup.ts";
import type { EncodedChunk } from "../encode/encode.protocol.ts";
import { planHls, type HlsPlan } from "./plan.ts";
import { createPublisher, type Publisher, type PublisherOptions } from "./publisher.ts";

/** Frame rate of the frames that are published, per second. */
export const fakeFps = 10;

/** What the playlists promise: segments of 1 s, parts of 300 ms. */
export const fakeLive: LiveOptions = {
  targetDurationS: 1,
  partTargetS: 0.3,
  windowSegmentCount: 6,
  canBlockReload: true,
  canSkip: true,
};

/** What a test wants otherwise. */
export type FakePublishingOptions = Partial<PublisherOptions> & {
  /** Rungs of 720 and 360 lines instead of one. */
  readonly ladder?: boolean;
  /** 0: no parts. */
  readonly partMs?: number;
  /** Lets all else that is under way go on for a turn. */
  readonly turn: () => Promise<void>;
};

/** A publisher with all that it needs, and a server in memory. */
export type FakePublishing = {
  readonly server: FakeServer;
  readonly publisher: Publisher;
  /** How often the publisher told of either. */
  readonly told: { readonly live: number; readonly trouble: number };
  /** Publishes the frames of these places of the grid that `isTaken` lets through, and waits until all is put. */
  readonly take: (from: number, to: number, isTaken?: (chunk: EncodedChunk) => boolean) => Promise<void>;
  /** A media playlist as the server has it. */
  readonly playlist: (name: string) => MediaPlaylist;
  /** Whether the server takes nothing. */
  readonly away: (isAway: boolean) => void;
  /** The server takes all but this file. */
  readonly refuse: (name: string) => void;
};

/** A server in memory that holds every playlist it is given to the rules, alone and against the one before. */
export type FakeServer = {
  /** Each character of a text is a byte of its file. */
  readonly files: Map<string, string>;
  /** What was wrong, in words. */
  readonly breaches: readonly string[];
  readonly put: (name: string, text: string) => void;
};

function planned({ ladder = false, partMs = 300 }: FakePublishingOptions): HlsPlan {
  const size = { widthPx: 1280, heightPx: ladder ? 720 : 360 };
  const plan = planHls({
    ...senderDefaults,
    ...size,
    codec: "vp9",
    fps: fakeFps,
    segmentS: 1,
    partMs,
    ladder,
  });
  if (!plan.ok) throw new Error(plan.failure.what);
  return plan.value;
}

/** Frames of all rungs, a key frame every second. */
function chunks(from: number, to: number, rungCount: number): readonly EncodedChunk[] {
  const slots = Array.from({ length: to - from }, (_, index) => from + index);
  return slots.flatMap((slot) =>
    Array.from({ length: rungCount }, (_, rungIndex) => {
      const isKey = slot % fakeFps === 0;
      const timestampUs = slot * 100_000;
      return {
        rungIndex,
        data: new Uint8Array(50),
        isKey,
        slot,
        timestampUs,
        durationUs: 100_000,
        dateUs: 1_795_250_000_000_000 + timestampUs,
        decoderConfig: isKey ? { codec: "vp09.00.31.08", codedWidth: 640, codedHeight: 360 } : null,
      };
    }),
  );
}

const folderOf = (name: string): string => name.slice(0, name.lastIndexOf("/") + 1);

function mediaOf(text: string): MediaPlaylist | null {
  const read = readPlaylist(text, "memory");
  if (!read.ok) throw new Error(read.failure.what);
  if (read.value.oddities.length > 0) throw new Error(JSON.stringify(read.value.oddities));
  return read.value.playlist.kind === "media" ? read.value.playlist.media : null;
}

function createServer(): FakeServer {
  const files = new Map<string, string>();
  const breaches: string[] = [];
  const put = (name: string, text: string): void => {
    if (name.endsWith(".m3u8")) {
      const after = mediaOf(text);
      const before = files.has(name) ? mediaOf(files.get(name) ?? "") : null;
      if (after !== null) {
        breaches.push(...checkMedia(after).map(({ words }) => words));
        if (before !== null) breaches.push(...checkSuccession(before, after).map(({ words }) => words));
        breaches.push(...reportBreaches(name, after, files));
        for (const uri of listed(after))
          if (!files.has(folderOf(name) + uri)) breaches.push(`${name} lists ${uri}, which is not there`);
      }
    }
    files.set(name, text);
  };
  return { files, breaches, put };
}

function listed({ segments, open }: MediaPlaylist): readonly string[] {
  const heads = [...segments, ...(open === null ? [] : [open])];
  const whole = segments.filter(({ isGap }) => !isGap).map(({ uri }) => uri);
  const maps = heads.map(({ map }) => map?.uri ?? "");
  return [...whole, ...maps, ...heads.flatMap(({ parts }) => parts.map(({ uri }) => uri))];
}

/** Place of a part in the stream, of which four make a segment. */
const placeOf = (msn: number, part: number): number => 4 * msn + part;

function lastPlaceOf(playlist: MediaPlaylist): number {
  const { lastMsn, lastSegmentPartCount, openPartCount } = liveEdgeOf(playlist);
  return openPartCount > 0
    ? placeOf(lastMsn + 1, openPartCount - 1)
    : placeOf(lastMsn, Math.max(0, lastSegmentPartCount - 1));
}

/** A report (4.4.5.4) tells of nothing that is not there, and of all but what came just now. */
function reportBreaches(
  name: string,
  { reports }: MediaPlaylist,
  files: ReadonlyMap<string, string>,
): readonly string[] {
  return reports.flatMap(({ uri, lastMsn, lastPart }) => {
    const other = mediaOf(files.get(new URL(uri, `memory:/${name}`).pathname.slice(1)) ?? "");
    const lag = other === null ? Number.NaN : lastPlaceOf(other) - placeOf(lastMsn, lastPart ?? 0);
    return lag >= 0 && lag <= 2 ? [] : [`${name} reports ${uri} to be ${lag} parts from where it is`];
  });
}

/** What a segment has in common with that of another rung. */
export function bareSegment({
  uri,
  durationS,
  programDateTimeMs,
  isDiscontinuity,
}: Segment): Pick<Segment, "uri" | "durationS" | "programDateTimeMs" | "isDiscontinuity"> {
  return { uri, durationS, programDateTimeMs, isDiscontinuity };
}

/** Makes a publisher whose trouble suspends it. */
export function createFakePublishing(change: FakePublishingOptions): FakePublishing {
  const server = createServer();
  const plan = planned(change);
  const told = { live: 0, trouble: 0 };
  let isAway = false;
  let refused = "";
  const publisher = createPublisher({
    plan,
    codec: "vp9",
    fps: fakeFps,
    holdMs: 0,
    live: fakeLive,
    uploader: {
      put: async ({ name, bytes }) => {
        await change.turn();
        const failure = { kind: "unreachable", what: "away", where: name, next: "Wait." } as const;
        if (isAway || name === refused) return { kind: "lost", failure };
        server.put(name, typeof bytes === "string" ? bytes : String.fromCharCode(...bytes));
        return { kind: "put", roundTripMs: 1 };
      },
    },
    left: plan.rungs.map(() => null),
    onLive: () => {
      told.live += 1;
    },
    onTrouble: () => {
      told.trouble += 1;
      publisher.suspend();
    },
    onBroken: (error) => {
      throw error;
    },
    onRetired: () => undefined,
    ...change,
  });
  const take = async (
    from: number,
    to: number,
    isTaken: (chunk: EncodedChunk) => boolean = () => true,
  ): Promise<void> => {
    for (const chunk of chunks(from, to, plan.rungs.length).filter(isTaken)) publisher.take(chunk);
    for (let turn = 0; turn < 200; turn += 1) await change.turn();
  };
  const playlist = (name: string): MediaPlaylist => {
    const media = mediaOf(server.files.get(name) ?? "");
    if (media === null) throw new Error(`${name} is no media playlist`);
    return media;
  };
  const away = (next: boolean): void => {
    isAway = next;
  };
  const refuse = (name: string): void => {
    refused = name;
  };
  return { server, publisher, told, take, playlist, away, refuse };
}
