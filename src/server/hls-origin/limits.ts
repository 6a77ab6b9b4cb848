/** What the origin holds and how long it waits. All of it is in memory, so all of it is bounded. */
export type OriginLimits = {
  readonly maxStreamCount: number;
  /** Streams of one address at once, so that none can keep all. */
  readonly maxAddressStreamCount: number;
  /** Streams that one address may ask for: at once, and a second in the long run. */
  readonly createBurst: number;
  readonly createPerS: number;
  /** One segment, part or initialization section. */
  readonly maxFileBytes: number;
  readonly maxPlaylistBytes: number;
  /** All of one stream's files and unfinished uploads. */
  readonly maxStreamBytes: number;
  /** All streams together. */
  readonly maxTotalBytes: number;
  readonly maxFileCount: number;
  /** Segments that one playlist may list. */
  readonly maxSegmentCount: number;
  /** Uploads of one stream under way at once. */
  readonly maxUploadCount: number;
  /** From an upload's first byte to its last. */
  readonly maxUploadMs: number;
  /** Without a byte, for an upload or a download. */
  readonly maxStallMs: number;
  /** Requests held until there is news, of one stream and in all. */
  readonly maxStreamHoldCount: number;
  readonly maxHoldCount: number;
  /** Longest hold, whatever target duration a playlist claims. */
  readonly maxHoldMs: number;
  /** A file that no playlist ever listed is dropped after this. */
  readonly unlistedMs: number;
  /** A stream without a PUT for this long is dropped. */
  readonly idleMs: number;
};

/** Room for four streams of three rungs at provider bitrates, on a small machine. */
export const defaultOriginLimits: OriginLimits = {
  maxStreamCount: 32,
  maxAddressStreamCount: 16,
  createBurst: 16,
  createPerS: 0.5,
  maxFileBytes: 16 * 1024 * 1024,
  maxPlaylistBytes: 256 * 1024,
  maxStreamBytes: 128 * 1024 * 1024,
  maxTotalBytes: 512 * 1024 * 1024,
  maxFileCount: 3000,
  maxSegmentCount: 120,
  maxUploadCount: 24,
  maxUploadMs: 30_000,
  maxStallMs: 10_000,
  maxStreamHoldCount: 2000,
  maxHoldCount: 4000,
  maxHoldMs: 30_000,
  unlistedMs: 60_000,
  idleMs: 120_000,
};
