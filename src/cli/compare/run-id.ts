import { createHash, randomBytes } from "node:crypto";

function toUuid(bytes: Buffer, version: number): string {
  // RFC 9562 section 4: version in the high half of byte 6, variant 10 in the two high bits of byte 8.
  bytes.writeUInt8((version << 4) + (bytes.readUInt8(6) % 16), 6);
  bytes.writeUInt8(0x80 + (bytes.readUInt8(8) % 64), 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Id of a new run: UUID version 7, so that ids sort by time. @param nowMs ms since the epoch */
export function createRunId(nowMs: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Math.trunc(nowMs), 0, 6);
  return toUuid(bytes, 7);
}

/** Id that the shards of one comparison share: the same word and the same plan give the same id (UUID version 8). */
export function sharedComparisonId(word: string, planText: string): string {
  const digest = createHash("sha256").update(`${word}\n${planText}`).digest();
  return toUuid(digest.subarray(0, 16), 8);
}
