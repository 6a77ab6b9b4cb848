import type { ServerClockFacts } from "../wire/signalling.ts";
import type { ClockOffset } from "./offset.ts";

/**
 * Receiver clock minus sender clock when each was compared with the server alone. The bounds add up: each of
 * the two errors may be at its worst.
 * @param receiver receiver clock minus server clock
 * @param sender sender clock minus server clock, as the sender's facts tell it
 */
export function composeOffsets(receiver: ClockOffset, sender: ServerClockFacts): ClockOffset {
  const senderUs = receiver.atUs - (receiver.offsetMs - sender.offsetMs) * 1000;
  const awayMs = (senderUs - sender.atUs) / 1000;
  const senderOffsetMs = sender.offsetMs + (awayMs * sender.driftPpm) / 1e6;
  const senderBoundMs = sender.boundMs + (Math.abs(awayMs) * sender.driftBoundPpm) / 1e6;
  return {
    ...receiver,
    offsetMs: receiver.offsetMs - senderOffsetMs,
    boundMs: receiver.boundMs + senderBoundMs,
    driftPpm: receiver.driftPpm - sender.driftPpm,
    driftBoundPpm: receiver.driftBoundPpm + sender.driftBoundPpm,
  };
}

/** What a sender tells of its clock: its offset to the server (sender minus server), plain enough for the wire. */
export function toServerClockFacts(offset: ClockOffset): ServerClockFacts {
  const { offsetMs, boundMs, driftPpm, driftBoundPpm } = offset;
  return { atUs: Math.round(offset.atUs), offsetMs, boundMs, driftPpm, driftBoundPpm };
}
