import type { HlsRung } from "./plan.ts";

/** What the multivariant playlist claims of a rung, bits per second (RFC 8216bis 4.4.6.2). */
export type BitrateClaims = {
  /** BANDWIDTH: no segment needs more. */
  readonly peakBps: number;
  /** AVERAGE-BANDWIDTH. */
  readonly averageBps: number;
};

/** Holds what is claimed of a rung to what its segments weigh. */
export type ClaimBook = {
  readonly add: (byteCount: number, durationS: number) => void;
  /**
   * Changes in steps, so that the playlist is not put anew for every few bits more, and only when what it said no longer
   * holds: players read it once and choose by it as long as they play.
   */
  readonly claims: () => BitrateClaims;
};

/** Share of the asked bitrate that a segment may go over it before the claim of the peak is raised. */
const peakRoomRatio = 1.25;

/** A peak that was passed is claimed with this much room. */
const stepRatio = 1.1;

/** How far the mean may be off what is claimed of it. */
const meanRoomRatio = 0.2;

/** Media that has to be weighed before its mean takes the place of what was asked of the encoder, s. */
const leastMeanS = 5;

/** Makes a book that claims what is asked of the encoder. */
export function createClaimBook({ bitrateKbps }: Pick<HlsRung, "bitrateKbps">): ClaimBook {
  let claims: BitrateClaims = {
    peakBps: Math.ceil(bitrateKbps * 1000 * peakRoomRatio),
    averageBps: bitrateKbps * 1000,
  };
  let sumBits = 0;
  let sumS = 0;
  return {
    add: (byteCount, durationS) => {
      if (!(durationS > 0)) return;
      sumBits += byteCount * 8;
      sumS += durationS;
      const bps = (byteCount * 8) / durationS;
      if (bps > claims.peakBps) claims = { ...claims, peakBps: Math.ceil(bps * stepRatio) };
      const meanBps = Math.round(sumBits / sumS);
      const isOff = Math.abs(meanBps - claims.averageBps) > meanRoomRatio * claims.averageBps;
      if (sumS >= leastMeanS && isOff) claims = { ...claims, averageBps: meanBps };
    },
    claims: () => claims,
  };
}
