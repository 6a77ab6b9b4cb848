import type { ReceiverUs } from "../../core/clock/instants.ts";
import type { DeliveryReport } from "../../core/timeline/delivery.ts";

/** How a session's stream stands: it goes on, or has ended and is measured no more. */
export type Standing = {
  readonly isOver: () => boolean;
  /** The page's clock while the stream goes on; the instant of its end from then on, so that what was measured does not age. */
  readonly nowUs: () => ReceiverUs;
  /** What playlist and requests tell, or have told last; null on roads without them. */
  readonly delivery: () => DeliveryReport | null;
  /** Holds everything as it stands; what follows the stream is let go, once. */
  readonly halt: () => void;
};

/**
 * Makes the standing of a stream that goes on.
 * @param pageNowUs the page's clock
 * @param delivery what playlist and requests tell; asked no more once the stream has ended
 * @param unfollow lets go of what plays and reads the stream
 */
export function createStanding(
  pageNowUs: () => ReceiverUs,
  delivery: () => DeliveryReport | null,
  unfollow: () => void,
): Standing {
  let last: { readonly atUs: ReceiverUs; readonly delivery: DeliveryReport | null } | null = null;
  return {
    isOver: () => last !== null,
    nowUs: () => last?.atUs ?? pageNowUs(),
    delivery: () => (last === null ? delivery() : last.delivery),
    halt: () => {
      if (last !== null) return;
      last = { atUs: pageNowUs(), delivery: delivery() };
      unfollow();
    },
  };
}
