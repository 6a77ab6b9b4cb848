import type { HlsConfig, RetryConfig } from "hls.js";

/** Room behind the sought distance before a live player jumps forward again after it fell behind, s. */
export const catchUpRoomS = 4;

/** Tries of hls.js itself before a fault is fatal and the player takes over. */
const fewRetries: RetryConfig = {
  maxNumRetry: 3,
  retryDelayMs: 500,
  maxRetryDelayMs: 4000,
  backoff: "exponential",
};

/** How hls.js is set up: as it is shipped, in low-latency mode, without what would disturb a measurement. */
export function toHlsConfig(
  syncS: number | null,
  loader: HlsConfig["loader"],
  workerPath: string,
): Partial<HlsConfig> {
  return {
    loader,
    workerPath,
    lowLatencyMode: true,
    // A faster playback rate to catch up made low-latency streams stall, and would bend what is measured.
    maxLiveSyncPlaybackRate: 1,
    // The place that is joined at is the playlist's, not one that a stall while joining has moved.
    liveSyncOnStallIncrease: 0,
    backBufferLength: 10,
    maxBufferLength: 30,
    enableWebVTT: false,
    enableIMSC1: false,
    enableCEA708Captions: false,
    emeEnabled: false,
    manifestLoadPolicy: policy(10_000, 20_000, null),
    playlistLoadPolicy: policy(12_000, 20_000, fewRetries),
    fragLoadPolicy: policy(12_000, 40_000, fewRetries),
    ...(syncS === null ? {} : { liveSyncDuration: syncS, liveMaxLatencyDuration: syncS + catchUpRoomS }),
  };
}

function policy(maxTimeToFirstByteMs: number, maxLoadTimeMs: number, retry: RetryConfig | null) {
  return { default: { maxTimeToFirstByteMs, maxLoadTimeMs, timeoutRetry: retry, errorRetry: retry } };
}
