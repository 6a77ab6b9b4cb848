import { crc32 } from "./crc32.kernel.ts";

/**
 * One record of a log: a head, which says what the body is, and the body. The head is any JSON; what is read back is `unknown`
 * until a schema has seen it.
 */
export type LogRecord = { readonly head: unknown; readonly body: Uint8Array };

/** A record where it stands in its log, so that a body can be taken from the file without copying it. */
export type PlacedRecord = LogRecord & {
  /** Offset of the body's first byte in the log. */
  readonly bodyAtBytes: number;
};

/** What of a log's bytes is whole. */
export type ReadLog = {
  readonly records: readonly PlacedRecord[];
  /** Where the next record belongs: everything after is torn or foreign. */
  readonly wholeBytes: number;
};

/** "SGR1", little endian. */
const magic = 0x31_52_47_53;
/** Magic, head's length, body's length, CRC-32 of all that follows and of both lengths. */
const frameBytes = 16;
/** Longer heads are not ours. */
const headLimitBytes = 64 * 1024;
/** A body of more than this is not ours: a gibibyte. */
const bodyLimitBytes = 2 ** 30;

/** UTF-8 of text that is ASCII after escaping; core has no TextEncoder. */
function toAscii(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) out[index] = text.charCodeAt(index);
  return out;
}

function fromAscii(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
}

function toHead(value: unknown): Uint8Array {
  const json = JSON.stringify(value).replaceAll(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return toAscii(json);
}

function readHead(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromAscii(bytes));
  } catch {
    // The CRC held, so whoever wrote it wrote no JSON: no schema takes undefined.
    return undefined;
  }
}

/**
 * A record as bytes, to be appended to a log whole. A log that was cut anywhere reads back as all records before the cut.
 * @throws RangeError when head or body is over the limit: a bug of the caller
 */
export function writeRecord(head: unknown, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const headBytes = toHead(head);
  if (headBytes.length > headLimitBytes || body.length > bodyLimitBytes) {
    throw new RangeError(`a record of ${headBytes.length} + ${body.length} bytes`);
  }
  const out = new Uint8Array(frameBytes + headBytes.length + body.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, headBytes.length, true);
  view.setUint32(8, body.length, true);
  out.set(headBytes, frameBytes);
  out.set(body, frameBytes + headBytes.length);
  view.setUint32(12, crc32(out.subarray(frameBytes), crc32(out.subarray(4, 12))), true);
  return out;
}

type Frame = { readonly headBytes: number; readonly endAtBytes: number };

/** The record that begins at a place, if all of it is there and nothing in it has changed. */
function frameAt(bytes: Uint8Array, view: DataView, at: number): Frame | null {
  if (at + frameBytes > bytes.length || view.getUint32(at, true) !== magic) return null;
  const headBytes = view.getUint32(at + 4, true);
  const bodyBytes = view.getUint32(at + 8, true);
  const endAtBytes = at + frameBytes + headBytes + bodyBytes;
  if (headBytes > headLimitBytes || bodyBytes > bodyLimitBytes || endAtBytes > bytes.length) return null;
  const crc = crc32(bytes.subarray(at + frameBytes, endAtBytes), crc32(bytes.subarray(at + 4, at + 12)));
  return crc === view.getUint32(at + 12, true) ? { headBytes, endAtBytes } : null;
}

/** Reads a log up to the first record that is torn or damaged. Bodies are views of `bytes`. Never throws, whatever the bytes. */
export function readLog(bytes: Uint8Array): ReadLog {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: PlacedRecord[] = [];
  let at = 0;
  for (;;) {
    const frame = frameAt(bytes, view, at);
    if (frame === null) return { records, wholeBytes: at };
    const bodyAtBytes = at + frameBytes + frame.headBytes;
    records.push({
      head: readHead(bytes.subarray(at + frameBytes, bodyAtBytes)),
      body: bytes.subarray(bodyAtBytes, frame.endAtBytes),
      bodyAtBytes,
    });
    at = frame.endAtBytes;
  }
}
