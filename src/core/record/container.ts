/** A file format that a piece of a segmented stream can be of, as a mime type. */
export type ContainerType = "video/mp4" | "video/mp2t" | "video/webm" | "application/octet-stream";

/** Boxes that CMAF and plain MP4 files and segments begin with (ISO/IEC 14496-12, 23000-19). */
const mp4Boxes: ReadonlySet<string> = new Set([
  "ftyp",
  "styp",
  "moof",
  "moov",
  "sidx",
  "emsg",
  "prft",
  "free",
]);
/** EBML header and Cluster (RFC 8794, RFC 9559). */
const webmStarts: readonly (readonly number[])[] = [
  [0x1a, 0x45, 0xdf, 0xa3],
  [0x1f, 0x43, 0xb6, 0x75],
];
/** A transport stream's packets begin with this byte, every 188 bytes (ISO/IEC 13818-1). */
const tsSync = 0x47;
const tsPacketBytes = 188;

/** Which format the bytes of a piece are of, whatever its address or headers say. */
export function containerOf(bytes: Uint8Array): ContainerType {
  if (mp4Boxes.has(String.fromCharCode(...bytes.subarray(4, 8)))) return "video/mp4";
  if (webmStarts.some((start) => start.every((byte, index) => bytes[index] === byte))) return "video/webm";
  const isTs = bytes[0] === tsSync && (bytes.length <= tsPacketBytes || bytes[tsPacketBytes] === tsSync);
  return isTs ? "video/mp2t" : "application/octet-stream";
}

/** Ending of a file name for a mime type; `bin` for what is not known. */
export function endingOf(mimeType: string): string {
  const endings: Readonly<Record<string, string>> = {
    "video/mp4": "mp4",
    "video/mp2t": "ts",
    "video/webm": "webm",
    "video/x-yuv4mpeg": "y4m",
  };
  return endings[mimeType] ?? "bin";
}
