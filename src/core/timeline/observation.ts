import type { ReceiverUs } from "../clock/instants.ts";
import type { Marker } from "../marker/payload.ts";

/**
 * How a displayed frame's marker came out. `tracked`: on the known region; `found`: by a search of the whole
 * picture; `rescued`: by the slower decoder after the quick one failed.
 */
export type MarkerReading =
  | { readonly read: true; readonly marker: Marker; readonly by: "tracked" | "found" | "rescued" }
  | { readonly read: false; readonly why: UnreadReason };

/**
 * Why a displayed frame has no marker. `absent`: no QR found; `broken`: a marker is seen but cannot be decoded, or its check digits fail;
 * `foreign`: a QR that is not ours; `busy`: the reader was still at an earlier frame, so nothing was tried;
 * `unavailable`: the browser gave no pixels.
 */
export type UnreadReason = "absent" | "broken" | "foreign" | "busy" | "unavailable";

/** One frame as seen by a receiver. Observations are made in display order. */
export type Observation = {
  /** Receiver clock at which the frame is shown (rVFC `expectedDisplayTime`, anchored). */
  readonly displayTimeUs: ReceiverUs;
  /**
   * `reported`: requestVideoFrameCallback told the display time; `inferred`: the callback skipped this frame
   * (browsers coalesce callbacks) and the time is its arrival plus the median arrival-to-display gap.
   */
  readonly displayTimeSource: "reported" | "inferred";
  readonly reading: MarkerReading;
  /** The media clock's own stamp, us from its own zero. */
  readonly presentationTimeUs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Cost of reading this frame's marker, ms in the reader; 0 when nothing was tried. */
  readonly readMs: number;
};
