declare const clock: unique symbol;

/** An instant on one named clock. Branded by clock because subtracting two clocks is the mistake to prevent. */
export type Instant<Clock extends string> = number & { readonly [clock]: Clock };

/** Integer microseconds since the Unix epoch on the sender's anchored monotonic clock. */
export type SenderUs = Instant<"sender">;
/** Integer microseconds since the Unix epoch on the receiver's anchored monotonic clock. */
export type ReceiverUs = Instant<"receiver">;
/** Milliseconds as `performance.now()` of the page gives them. A worker's zero is another: send `timeOrigin + now`. */
export type PageMs = Instant<"page">;

/** Reads integer epoch microseconds as the sender's clock. Only where a value enters. */
export function toSenderUs(epochUs: number): SenderUs {
  return Math.round(epochUs) as SenderUs;
}

/** Reads integer epoch microseconds as the receiver's clock. Only where a value enters. */
export function toReceiverUs(epochUs: number): ReceiverUs {
  return Math.round(epochUs) as ReceiverUs;
}

/** Reads a `performance.now()` style value (ms, this page's zero) as the page's clock. Only where a value enters. */
export function toPageMs(ms: number): PageMs {
  return ms as PageMs;
}

/**
 * Epoch microseconds of a page-clock instant, by the page's anchor.
 * @param timeOriginMs `performance.timeOrigin` of the page that read the instant, ms since the Unix epoch
 */
export function epochUsOf(instant: PageMs, timeOriginMs: number): number {
  return Math.round((timeOriginMs + instant) * 1000);
}
