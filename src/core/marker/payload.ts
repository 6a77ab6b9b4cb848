import type { SenderUs } from "../clock/instants.ts";

/** What the QR in a frame says. Format 1; README.md in this folder is the specification. */
export type Marker = {
  /** Which run the frame belongs to: integer, 0 to 999999. */
  readonly runNumber: number;
  /** Counts up by one per frame within a run: integer, 0 to 99999999. */
  readonly frameId: number;
  /** Sender clock when the frame's picture was finished; 16 digits of epoch microseconds. */
  readonly captureTimeUs: SenderUs;
};
