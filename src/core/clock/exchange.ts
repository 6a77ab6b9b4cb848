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

/** Turns four stamps into a sample; null when they cannot be true (answer before question, negative round trip). */
export declare function sampleOf(exchange: ClockExchange, resolutionMs?: number): ClockSample | null;
