import * as v from "valibot";

/** What two links say to each other to connect: descriptions (RFC 8829), candidates (RFC 8838) and a request to offer again. */
export type PeerData =
  | { readonly type: "offer" | "answer"; readonly sdp: string }
  | {
      readonly type: "candidate";
      readonly candidate: {
        readonly candidate: string;
        readonly sdpMLineIndex?: number | null | undefined;
        readonly sdpMid?: string | null | undefined;
      };
    }
  | { readonly type: "renegotiate"; readonly renegotiate: true };

/**
 * What travels as `signal` through the server between a receiver and its sender. A `session` names one link from offer to
 * close, so that late words of an older link cannot disturb a newer one.
 */
export type PeerSignal =
  /** Receiver to sender, whenever the room is entered, the sender returns or a link was lost: `session` is the one it holds. */
  | { readonly kind: "here"; readonly receiverId: string; readonly session: string | null }
  | { readonly kind: "data"; readonly session: string; readonly data: PeerData }
  /** Receiver to sender: what was offered is of no use to it; it asks again when the sender offers something else. */
  | { readonly kind: "refused"; readonly session: string; readonly why: string }
  /** Sender to receiver: it serves as many as it may. */
  | { readonly kind: "full"; readonly maxReceiverCount: number };

const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{8,32}$/));
const sdp = v.pipe(v.string(), v.maxLength(60_000));

const peerDataSchema: v.GenericSchema<unknown, PeerData> = v.variant("type", [
  v.strictObject({ type: v.picklist(["offer", "answer"]), sdp }),
  v.strictObject({
    type: v.literal("candidate"),
    candidate: v.strictObject({
      candidate: v.pipe(v.string(), v.maxLength(2000)),
      sdpMLineIndex: v.optional(v.nullable(v.pipe(v.number(), v.integer()))),
      sdpMid: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(100)))),
    }),
  }),
  v.strictObject({ type: v.literal("renegotiate"), renegotiate: v.literal(true) }),
]);

/** Checks a peer's signal at the door. */
export const peerSignalSchema: v.GenericSchema<unknown, PeerSignal> = v.variant("kind", [
  v.strictObject({ kind: v.literal("here"), receiverId: id, session: v.nullable(id) }),
  v.strictObject({ kind: v.literal("data"), session: id, data: peerDataSchema }),
  v.strictObject({ kind: v.literal("refused"), session: id, why: v.pipe(v.string(), v.maxLength(200)) }),
  v.strictObject({
    kind: v.literal("full"),
    maxReceiverCount: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
]);

/** Checks what a link itself hands out; null for kinds that are not part of this protocol. */
export function readPeerData(data: unknown): PeerData | null {
  const parsed = v.safeParse(peerDataSchema, data);
  return parsed.success ? parsed.output : null;
}

/** An id of 16 characters from 8 random bytes. */
export function idFrom(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
