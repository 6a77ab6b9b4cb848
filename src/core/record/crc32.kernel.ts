/** Remainders of every byte for the reflected polynomial of ISO/IEC 8802-3 (0xEDB88320). */
const remainders: Uint32Array = makeRemainders();

function makeRemainders(): Uint32Array {
  const table = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    table[byte] = value >>> 0;
  }
  return table;
}

/**
 * CRC-32 as in Ethernet and gzip (ISO/IEC 8802-3, RFC 1952 section 8).
 * @param before the CRC of the bytes before these, so that pieces add up; 0 at the start
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  let value = ~before >>> 0;
  for (let index = 0; index < bytes.length; index += 1) {
    value = (remainders[(value ^ bytes[index]!) & 0xff]! ^ (value >>> 8)) >>> 0;
  }
  return ~value >>> 0;
}
