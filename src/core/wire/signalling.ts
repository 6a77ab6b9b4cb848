import * as v from "valibot";

import { clipFactsSchema, type ClipFacts } from "../clip/clip.ts";

/** Largest signalling message either side accepts, bytes of UTF-8. SDP with many candidates stays well under it. */
export const maxSignalBytes: number = 64 * 1024;
/** Join codes: 8 characters of Crockford's base 32 (no I, L, O, U), 40 bits; shown and accepted as `XXXX-XXXX`. */
export const joinCodePattern: RegExp = /^[0-9A-HJKMNP-TV-Z]{8}$/;

const joinCode = v.pipe(v.string(), v.regex(joinCodePattern));
const peerId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{8,32}$/));
const ownerKey = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22,64}$/));
const signal = v.record(v.string(), v.unknown());
const epochUs = v.pipe(v.number(), v.safeInteger());

/** How a page's clock stands to the server's: page minus server at `atUs` (page's epoch us). */
export type ServerClockFacts = {
  readonly atUs: number;
  readonly offsetMs: number;
  readonly boundMs: number;
  readonly driftPpm: number;
  readonly driftBoundPpm: number;
};

const serverClock: v.GenericSchema<unknown, ServerClockFacts> = v.strictObject({
  atUs: epochUs,
  offsetMs: v.pipe(v.number(), v.finite()),
  boundMs: v.pipe(v.number(), v.finite(), v.minValue(0)),
  driftPpm: v.pipe(v.number(), v.finite()),
  driftBoundPpm: v.pipe(v.number(), v.finite(), v.minValue(0)),
});

/** What a sender tells of the stream it sends: enough to make every reference frame again, and its clock. */
export type StreamFacts = {
  readonly runNumber: number;
  readonly scene: string;
  readonly seed: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
  readonly codec: string;
  readonly bitrateKbps: number;
  /** Null until the sender has compared its clock with the server's. */
  readonly clock: ServerClockFacts | null;
  /** The file that is sent, where one is and the sender knows which of its pictures each frame shows. */
  readonly clip?: ClipFacts;
};

const whole = (high: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(high));

/** Checks stream facts at the door. */
export const streamFactsSchema: v.GenericSchema<unknown, StreamFacts> = v.strictObject({
  runNumber: whole(999_999),
  scene: v.pipe(v.string(), v.maxLength(64)),
  seed: whole(999_999_999),
  widthPx: whole(7680),
  heightPx: whole(4320),
  fps: v.pipe(v.number(), v.minValue(0.1), v.maxValue(240)),
  codec: v.pipe(v.string(), v.maxLength(64)),
  bitrateKbps: whole(1_000_000),
  clock: v.nullable(serverClock),
  clip: v.exactOptional(clipFactsSchema),
});

/** Page to server, over the WebSocket at `/ws/signal`. */
export type ToServer =
  /** Open a room, or take back one's own (`join` and `ownerKey` as `opened` gave them) after a reload or a lost link. */
  | { readonly type: "open"; readonly join?: string; readonly ownerKey?: string }
  | { readonly type: "join"; readonly join: string }
  /** To the peer `to` of the same room; `signal` is the peers' own affair. A receiver may leave `to` out: the sender. */
  | { readonly type: "signal"; readonly to?: string; readonly signal: Readonly<Record<string, unknown>> }
  /** From the sender: facts for every receiver, present and to come. */
  | { readonly type: "facts"; readonly facts: StreamFacts }
  /** One clock exchange: answered at once with `clock`. `t1Us` is the page's clock when sent, epoch us. */
  | { readonly type: "clock"; readonly t1Us: number }
  /** Leave; from the sender: it stopped. Receivers may wait in the room for it to start again. */
  | { readonly type: "bye" };

/** Server to page. */
export type FromServer =
  | { readonly type: "opened"; readonly join: string; readonly ownerKey: string; readonly peerId: string }
  | {
      readonly type: "joined";
      readonly peerId: string;
      readonly senderHere: boolean;
      readonly facts: StreamFacts | null;
    }
  /** To the sender: a receiver came or went. To receivers: `sender-here` / `sender-away`. */
  | { readonly type: "peer-joined"; readonly peerId: string }
  | { readonly type: "peer-left"; readonly peerId: string }
  | { readonly type: "sender-here" }
  /** `stopped`: it said so; else its link to the server is gone. */
  | { readonly type: "sender-away"; readonly stopped: boolean }
  /** To receivers: nobody is in the room any more. Its sender's key makes it again. */
  | { readonly type: "room-ended"; readonly why: string }
  | { readonly type: "signal"; readonly from: string; readonly signal: Readonly<Record<string, unknown>> }
  | { readonly type: "facts"; readonly facts: StreamFacts }
  /** `t2Us` received and `t3Us` answered on the server's clock, epoch us. */
  | { readonly type: "clock"; readonly t1Us: number; readonly t2Us: number; readonly t3Us: number }
  /** Refused; `final` means do not try again with the same request. */
  | {
      readonly type: "refused";
      readonly reason: RefusalReason;
      readonly words: string;
      readonly final: boolean;
    };

/** Why the server refused: each has its own words on screen. */
export type RefusalReason =
  | "no-such-room"
  | "room-taken"
  | "room-full"
  | "server-full"
  | "bad-message"
  | "too-large"
  | "too-many-tries"
  | "not-in-room"
  | "idle";

/** Checks a message from a page at the server's door. */
export const toServerSchema: v.GenericSchema<unknown, ToServer> = v.variant("type", [
  v.strictObject({
    type: v.literal("open"),
    join: v.exactOptional(joinCode),
    ownerKey: v.exactOptional(ownerKey),
  }),
  v.strictObject({ type: v.literal("join"), join: joinCode }),
  v.strictObject({ type: v.literal("signal"), to: v.exactOptional(peerId), signal }),
  v.strictObject({ type: v.literal("facts"), facts: streamFactsSchema }),
  v.strictObject({ type: v.literal("clock"), t1Us: epochUs }),
  v.strictObject({ type: v.literal("bye") }),
]);

const refusal = v.picklist([
  "no-such-room",
  "room-taken",
  "room-full",
  "server-full",
  "bad-message",
  "too-large",
  "too-many-tries",
  "not-in-room",
  "idle",
]);

/** Checks a message from the server at the page's door. */
export const fromServerSchema: v.GenericSchema<unknown, FromServer> = v.variant("type", [
  v.strictObject({ type: v.literal("opened"), join: joinCode, ownerKey, peerId }),
  v.strictObject({
    type: v.literal("joined"),
    peerId,
    senderHere: v.boolean(),
    facts: v.nullable(streamFactsSchema),
  }),
  v.strictObject({ type: v.literal("peer-joined"), peerId }),
  v.strictObject({ type: v.literal("peer-left"), peerId }),
  v.strictObject({ type: v.literal("sender-here") }),
  v.strictObject({ type: v.literal("sender-away"), stopped: v.boolean() }),
  v.strictObject({ type: v.literal("room-ended"), why: v.string() }),
  v.strictObject({ type: v.literal("signal"), from: peerId, signal }),
  v.strictObject({ type: v.literal("facts"), facts: streamFactsSchema }),
  v.strictObject({ type: v.literal("clock"), t1Us: epochUs, t2Us: epochUs, t3Us: epochUs }),
  v.strictObject({ type: v.literal("refused"), reason: refusal, words: v.string(), final: v.boolean() }),
]);

/** Reads a join code as a person types it (any case, with or without the dash, O for 0, I or L for 1); null if it is none. */
export function readJoinCode(typed: string): string | null {
  const plain = typed.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  return joinCodePattern.test(plain) ? plain : null;
}

/** Writes a join code as people read it: `XXXX-XXXX`. */
export function showJoinCode(join: string): string {
  return `${join.slice(0, 4)}-${join.slice(4)}`;
}
