import * as v from "valibot";

import { streamFactsSchema, type StreamFacts } from "./signalling.ts";

/**
 * What sender and receiver say to each other over the data channel, as JSON. The receiver starts each clock
 * exchange (four timestamps, as NTP, RFC 5905 section 8): t1 receiver sends, t2 sender receives, t3 sender answers,
 * t4 the answer arrives. All times are epoch microseconds on the named side's clock.
 */
export type ChannelMessage =
  | { readonly type: "ping"; readonly t1Us: number }
  | {
      readonly type: "pong";
      readonly t1Us: number;
      readonly t2Us: number;
      readonly t3Us: number;
      /** Step of the clock that t2 and t3 were read from, us: browsers coarsen theirs, and the bound must hold that. */
      readonly stepUs: number;
    }
  /** Sender to receiver, when the channel opens and when they change. */
  | { readonly type: "facts"; readonly facts: StreamFacts }
  /** Either side closes on purpose, so that the other need not wait for a time-out. */
  | { readonly type: "bye"; readonly why: string };

const epochUs = v.pipe(v.number(), v.safeInteger());
const clockStep = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000));

/** Checks a data channel message at the door. */
export const channelMessageSchema: v.GenericSchema<unknown, ChannelMessage> = v.variant("type", [
  v.strictObject({ type: v.literal("ping"), t1Us: epochUs }),
  v.strictObject({ type: v.literal("pong"), t1Us: epochUs, t2Us: epochUs, t3Us: epochUs, stepUs: clockStep }),
  v.strictObject({ type: v.literal("facts"), facts: streamFactsSchema }),
  v.strictObject({ type: v.literal("bye"), why: v.pipe(v.string(), v.maxLength(200)) }),
]);
