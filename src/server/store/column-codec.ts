import { deflateRawSync, inflateRawSync } from "node:zlib";

/** How a packed column begins: its bytes as they are, or deflated. */
const plain = 0;
const deflated = 1;

/**
 * Packs a column of numbers without loss. Each number is XORed with the one before, equal bytes of all numbers stand
 * together (Parquet's BYTE_STREAM_SPLIT), and the zeros that this makes are deflated (RFC 1951): neighbours differ little.
 * Little endian.
 */
export function packColumn(column: ArrayBufferView, bytesPerNumber: number): Uint8Array {
  const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  const rowCount = bytes.length / bytesPerNumber;
  const split = new Uint8Array(bytes.length);
  for (let place = 0; place < bytesPerNumber; place += 1) {
    const lane = split.subarray(place * rowCount, (place + 1) * rowCount);
    let before = 0;
    for (let row = 0, at = place; row < rowCount; row += 1, at += bytesPerNumber) {
      const byte = bytes[at] ?? 0;
      // oxlint-disable-next-line no-bitwise -- the difference of two bytes that undoes itself
      lane[row] = byte ^ before;
      before = byte;
    }
  }
  const packed = deflateRawSync(split, { level: 1 });
  const isSmaller = packed.length < bytes.length;
  const tagged = new Uint8Array(1 + (isSmaller ? packed.length : bytes.length));
  tagged[0] = isSmaller ? deflated : plain;
  tagged.set(isSmaller ? packed : bytes, 1);
  return tagged;
}

/**
 * The bytes of a packed column, at the start of a buffer of their own.
 * @throws RangeError where the bytes were not packed by `packColumn`
 */
export function unpackColumn(tagged: Uint8Array, rowCount: number, bytesPerNumber: number): ArrayBuffer {
  const bytes = new Uint8Array(rowCount * bytesPerNumber);
  const body = tagged.subarray(1);
  const content = tagged[0] === deflated ? inflateRawSync(body) : body;
  if (content.length !== bytes.length) throw new RangeError("the packed column is not of its length");
  if (tagged[0] === plain) {
    bytes.set(content);
    return bytes.buffer;
  }
  for (let place = 0; place < bytesPerNumber; place += 1) {
    const lane = content.subarray(place * rowCount, (place + 1) * rowCount);
    let before = 0;
    for (let row = 0, at = place; row < rowCount; row += 1, at += bytesPerNumber) {
      // oxlint-disable-next-line no-bitwise -- undoes what packing did
      before ^= lane[row] ?? 0;
      bytes[at] = before;
    }
  }
  return bytes.buffer;
}
