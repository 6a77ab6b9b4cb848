/** A connection not made after so long is begun anew, ms. */
export const connectPatienceMs = 15_000;
/** A broken path not healed after so long is given up for a new connection, ms. */
export const interruptedPatienceMs = 6000;
/** A sender that has said nothing for so long over a link that claims to stand is asked anew, ms. */
export const silencePatienceMs = 10_000;
/** Before this the sender is not asked a second time, ms. */
export const firstAskAgainMs = 2500;
