import type { ReceiverUs, SenderUs } from "../clock/instants.ts";
import type { Observation } from "./observation.ts";

/** A displayed frame of the measured run whose marker was read. */
export type RunFrame = {
  readonly frameId: number;
  readonly captureTimeUs: SenderUs;
  readonly displayTimeUs: ReceiverUs;
  /** How far the display time may be off beyond what the browser reports, ms. */
  readonly displayBoundMs: number;
};

/** An inferred display time is off by at most one refresh of a 60 Hz screen, ms: a picture is shown at a refresh or the next. */
export const inferredDisplayBoundMs: number = 1000 / 60;

/** How far an observation's display time may be off, ms: 0 where the browser itself reported it. */
export function displayBoundMsOf(observation: Observation): number {
  return observation.displayTimeSource === "reported" ? 0 : inferredDisplayBoundMs;
}
