import type { SenderUs } from "../../core/clock/instants.ts";
import type { PictureMaker } from "./maker.shared.ts";

/** Clocks of the worker that draws. */
export type DrawClocks = {
  /** Sender's clock now. */
  readonly captureTimeUs: () => SenderUs;
  /** Media clock now, us from any zero. */
  readonly timestampUs: () => number;
};

/**
 * Finishes the frame that is due. Its capture time is taken when its picture is laid: what laying took is the sender's, not the
 * path's, and only the marker is drawn after it. To be closed by whoever takes it.
 */
export function finishFrame(
  maker: Pick<PictureMaker, "lay" | "finish">,
  frame: { readonly runNumber: number; readonly frameId: number },
  clocks: DrawClocks,
): VideoFrame {
  maker.lay?.();
  const captureTimeUs = clocks.captureTimeUs();
  return maker.finish({ ...frame, captureTimeUs }, clocks.timestampUs());
}
