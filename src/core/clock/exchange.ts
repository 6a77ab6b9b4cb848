/** Four stamps of one exchange, epoch us: t1 asked (ours), t2 received (theirs), t3 answered (theirs), t4 came back (ours). */
export type ClockExchange = {
  readonly t1Us: number;
  readonly t2Us: number;
  readonly t3Us: number;
  readonly t4Us: number;
};

/** What one exchange tells: our clock minus theirs lay within `offsetMs` +- `boundMs` at `atUs`. */
export type ClockSample = {
  /** Our clock half way between asking and answer, epoch us. */
  readonly atUs: number;
  /** Our clock minus theirs, ms. */
  readonly offsetMs: number;
  /** Half the round trip plus what the stamps' resolution and drift during the exchange can add, ms. */
  readonly boundMs: number;
  /** Time on the road both ways, the other side's own time taken off, ms. */
  readonly roundTripMs: number;
};

/**
 * How far two clocks may drift apart before anything is known of their drift, ppm: each is held by a crystal of
 * +-50 ppm or better, the tolerance that phones and computers are built to.
 */
export const driftTolerancePpm = 100;

/** Coarsest step of `performance.now()` in Chromium and Safari pages that are cross-origin isolated or not, ms. */
export const usualResolutionMs = 0.1;

/** An answer that took longer tells nothing that a later, quicker one does not tell better. */
const longestExchangeMs = 60_000;

/**
 * Turns four stamps into a sample (RFC 5905 section 8, with the sign turned: ours minus theirs). No assumption is
 * made on how the round trip divides into there and back, so half of it is the bound.
 * @param resolutionMs coarser of the two clocks' steps, ms
 * @returns null when the stamps cannot be true: answered before asked, a negative round trip, more than a minute
 */
export function sampleOf(
  exchange: ClockExchange,
  resolutionMs: number = usualResolutionMs,
): ClockSample | null {
  const { t1Us, t2Us, t3Us, t4Us } = exchange;
  const elapsedMs = (t4Us - t1Us) / 1000;
  const heldMs = (t3Us - t2Us) / 1000;
  const roundTripMs = elapsedMs - heldMs;
  const sound =
    elapsedMs >= 0 && elapsedMs <= longestExchangeMs && heldMs >= 0 && roundTripMs >= -2 * resolutionMs;
  if (!sound) return null;
  return {
    atUs: t1Us + (t4Us - t1Us) / 2,
    offsetMs: (t1Us - t2Us + (t4Us - t3Us)) / 2000,
    boundMs: Math.max(0, roundTripMs) / 2 + resolutionMs + (elapsedMs * driftTolerancePpm) / 1e6,
    roundTripMs: Math.max(0, roundTripMs),
  };
}
