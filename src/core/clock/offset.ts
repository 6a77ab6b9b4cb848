import type { Measured } from "../measured.ts";

/**
 * How one clock stands to another: offset = receiver clock - sender clock at `atUs` (receiver's epoch us), growing
 * by `driftPpm`. `boundMs` bounds the error of the offset at `atUs`; away from it the bound grows by `driftBoundPpm`.
 * For a page and the server the page stands in the receiver's place and the server in the sender's.
 */
export type ClockOffset = {
  readonly atUs: number;
  readonly offsetMs: number;
  readonly boundMs: number;
  readonly driftPpm: number;
  readonly driftBoundPpm: number;
  readonly bestRoundTripMs: number;
  readonly exchangeCount: number;
};

/** The offset at another instant (receiver's epoch us), in ms, with its bound grown by the drift's uncertainty. */
export function offsetMsAt(offset: ClockOffset, receiverUs: number): Measured {
  const awayMs = (receiverUs - offset.atUs) / 1000;
  return {
    known: true,
    value: offset.offsetMs + (awayMs * offset.driftPpm) / 1e6,
    bound: offset.boundMs + (Math.abs(awayMs) * offset.driftBoundPpm) / 1e6,
  };
}
