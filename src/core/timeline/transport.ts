/**
 * What the browser itself counts about a playing stream, sampled about once a second: getStats for WebRTC,
 * the player and `getVideoPlaybackQuality` for the rest. All counts are cumulative since play began; a figure the
 * road does not have is absent.
 */
export type TransportSample = {
  /** Page clock when sampled, ms. */
  readonly atMs: number;
  readonly receivedBytes?: number;
  readonly framesReceivedCount?: number;
  readonly framesDecodedCount?: number;
  readonly framesDroppedCount?: number;
  /** requestVideoFrameCallback `presentedFrames`. */
  readonly framesPresentedCount?: number;
  readonly packetsLostCount?: number;
  readonly packetsReceivedCount?: number;
  readonly packetJitterMs?: number;
  /** Mean jitter-buffer hold since the last sample, ms. */
  readonly jitterBufferMs?: number;
  readonly roundTripMs?: number;
  readonly decoder?: string;
  /** Codec as negotiated, e.g. "H264". */
  readonly codec?: string;
};
