/** An attribute list (RFC 8216bis 4.2): names to values, quoted strings without their quotes. */
export type Attributes = ReadonlyMap<string, string>;

/**
 * Reads an attribute list in one pass. What does not fit the grammar is passed over; the first of two values of one
 * name stands. Never throws.
 */
export function readAttributes(text: string): Attributes {
  const attributes = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    const equals = text.indexOf("=", at);
    if (equals < 0) break;
    const before = text.slice(at, equals);
    const name = before.slice(before.lastIndexOf(",") + 1).trim();
    const value = readValue(text, equals + 1);
    if (!attributes.has(name)) attributes.set(name, value.text);
    at = value.next;
  }
  return attributes;
}

function readValue(text: string, from: number): { readonly text: string; readonly next: number } {
  const quoted = text.charAt(from) === '"';
  const close = quoted ? text.indexOf('"', from + 1) : -1;
  const searchFrom = close < 0 ? from : close + 1;
  const comma = text.indexOf(",", searchFrom);
  const end = comma < 0 ? text.length : comma;
  const value = close < 0 ? text.slice(from, end).trim() : text.slice(from + 1, close);
  return { text: value, next: end + 1 };
}

/** A whole number of at most 15 digits; null for anything else. */
export function readCount(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** A number not below zero, as decimal digits with a point or not; null for anything else. */
export function readDecimal(text: string | undefined): number | null {
  return text !== undefined && /^(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})$/.test(text) ? Number(text) : null;
}

/** `length[@offset]` in bytes (4.4.4.2); null for anything else. */
export function readByteRange(
  text: string | undefined,
): { readonly lengthBytes: number; readonly offsetBytes: number | null } | null {
  const [length, offset, ...rest] = (text ?? "").split("@", 3);
  const lengthBytes = readCount(length);
  if (lengthBytes === null || rest.length > 0) return null;
  const offsetBytes = offset === undefined ? null : readCount(offset);
  return offset !== undefined && offsetBytes === null ? null : { lengthBytes, offsetBytes };
}

/** Writes a quoted string. Quotes, line ends and other controls cannot stand in one (4.2), and are left out. */
export function quote(text: string): string {
  return `"${writeUri(text).replaceAll('"', "")}"`;
}

/** Writes an address on a line of its own: no line end or other control gets out of it. */
export function writeUri(uri: string): string {
  return uri.replaceAll(/\p{Cc}/gu, "");
}

/** Writes seconds to the microsecond, without trailing zeros. */
export function writeSeconds(seconds: number): string {
  return String(Number(seconds.toFixed(6)));
}
