import type { StoredItem } from "../../core/record/item.ts";
import type { EndCause } from "../../core/record/session-index.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";

/** Something received, on its way to the disk. The bytes are given away. */
export type Intake = { readonly item: StoredItem; readonly bytes: ArrayBuffer };

/** What the keeping worker tells whoever hands items in, over the same port. */
export type IntakeNews =
  /** An item was taken, or refused: so many bytes are under way no more. */
  | { readonly kind: "taken"; readonly bytes: number }
  /** A place to begin is waited for: ask the sender for a key frame. */
  | { readonly kind: "key-wanted" };

/** A kept stretch, as it is listed. */
export type SegmentSummary = {
  readonly sessionId: string;
  readonly segmentId: string;
  /** What the user knows the stream by. */
  readonly label: string;
  /** `waiting`: recording was asked for, and its first picture has not come yet. */
  readonly state: "waiting" | "recording" | "kept";
  /** Why it ended; null while it goes on. */
  readonly cause: EndCause | null;
  /** Receiver's epoch clock; the first picture came at or before what was asked for. */
  readonly fromUs: number;
  /** Its end, or its newest item while it goes on. */
  readonly toUs: number;
  readonly bytes: number;
  /** Names of its bitstreams (`bitstreamOf`), each once, in order. */
  readonly bitstreams: readonly string[];
  /** What the sender told of the stream; null where it told nothing. */
  readonly facts: StreamFacts | null;
  /** Whether the page that asks is the one that receives the stream still. */
  readonly isLive: boolean;
};

/** What the ring of a stream holds. */
export type RingStatus = {
  readonly sessionId: string;
  /** Where it begins and how far it goes, receiver's epoch clock; null while it is empty. */
  readonly fromUs: number | null;
  readonly toUs: number | null;
  readonly bytes: number;
  /** Nothing more can be kept: the page's room is used up. */
  readonly isFull: boolean;
};

/** What is kept, and how much room there is. */
export type KeepStatus = {
  readonly segments: readonly SegmentSummary[];
  readonly rings: readonly RingStatus[];
  /** Bytes of everything kept, rings included. */
  readonly keptBytes: number;
  /** What this page may keep by the user's setting. */
  readonly limitBytes: number;
  /** What the browser counts for this site, and allows it (W3C storage, StorageManager.estimate); null where it does not tell. */
  readonly usageBytes: number | null;
  readonly quotaBytes: number | null;
};

/** A part of a segment: a log of `record-log.ts`. */
export type ReadPart = {
  readonly bytes: ArrayBuffer;
  /** Items received after this instant belong to the segment no more. */
  readonly untilUs: number;
  /** Whether another part follows. */
  readonly hasMore: boolean;
};

type OfSegment<Request> = Request & { readonly sessionId: string; readonly segmentId: string };

/** Jobs of the worker that keeps what is received. */
export type KeepJobs = {
  /** Begins a session, or goes on with it in a worker started after a crash. Items come over the ports, which are given away. */
  readonly open: {
    readonly request: {
      readonly sessionId: string;
      readonly label: string;
      readonly ports: readonly MessagePort[];
    };
    readonly answer: null;
  };
  readonly facts: {
    readonly request: { readonly sessionId: string; readonly facts: StreamFacts };
    readonly answer: null;
  };
  /** Records from the next place to begin on. */
  readonly record: { readonly request: OfSegment<object>; readonly answer: null };
  /** Ends a recording: as asked, or because its stream has ended. */
  readonly end: {
    readonly request: OfSegment<{ readonly cause: "asked" | "closed" }>;
    readonly answer: null;
  };
  /** Keeps what the ring holds from an instant on. */
  readonly keepFrom: { readonly request: OfSegment<{ readonly fromUs: number }>; readonly answer: null };
  readonly configure: {
    readonly request: { readonly ringS: number; readonly limitBytes: number };
    readonly answer: null;
  };
  /** `ownIds` are sessions that this page has open: a worker started after a crash must not take them for abandoned. */
  readonly status: {
    readonly request: { readonly ownIds: readonly string[] };
    readonly answer: KeepStatus;
  };
  readonly remove: { readonly request: OfSegment<object>; readonly answer: null };
  /** Reads a segment part by part, from 0. */
  readonly read: { readonly request: OfSegment<{ readonly index: number }>; readonly answer: ReadPart };
  /** The stream is over: its ring goes, its segments stay. */
  readonly close: { readonly request: { readonly sessionId: string }; readonly answer: null };
};
