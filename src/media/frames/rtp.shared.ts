/** The RTP timestamp that a received frame carries; null where the browser does not tell (all but Chromium) or there is none. */
export function rtpTimestampOf(frame: VideoFrame): number | null {
  const told = frame as { readonly metadata?: () => { readonly rtpTimestamp?: number } };
  return told.metadata?.().rtpTimestamp ?? null;
}
