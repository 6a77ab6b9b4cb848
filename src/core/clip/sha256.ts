import { digestBlock } from "./sha256.kernel.ts";

/** SHA-256 (FIPS 180-4) of bytes that come in pieces: the browser's own takes the whole at once, and files may be large. */
export type Sha256 = {
  readonly add: (bytes: Uint8Array) => void;
  /** 64 hexadecimal digits, lower case. To be asked once, after the last piece. */
  readonly read: () => string;
};

const blockBytes = 64;

/** Makes a hash of nothing yet. */
export function createSha256(): Sha256 {
  const state = Int32Array.of(
    0x6a09e667,
    0xbb67ae85,
    0x3c6ef372,
    0xa54ff53a,
    0x510e527f,
    0x9b05688c,
    0x1f83d9ab,
    0x5be0cd19,
  );
  const rest = new Uint8Array(2 * blockBytes);
  let restBytes = 0;
  let totalBytes = 0;
  return {
    add: (bytes) => {
      totalBytes += bytes.length;
      let at = 0;
      if (restBytes > 0) {
        at = Math.min(blockBytes - restBytes, bytes.length);
        rest.set(bytes.subarray(0, at), restBytes);
        restBytes += at;
        if (restBytes < blockBytes) return;
        digestBlock(state, rest, 0);
      }
      for (; at + blockBytes <= bytes.length; at += blockBytes) digestBlock(state, bytes, at);
      rest.set(bytes.subarray(at));
      restBytes = bytes.length - at;
    },
    read: () => {
      const isLong = restBytes >= blockBytes - 8;
      rest.fill(0, restBytes);
      rest[restBytes] = 0x80;
      const end = isLong ? 2 * blockBytes : blockBytes;
      new DataView(rest.buffer).setBigUint64(end - 8, BigInt(totalBytes) * 8n);
      digestBlock(state, rest, 0);
      if (isLong) digestBlock(state, rest, blockBytes);
      return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
    },
  };
}
