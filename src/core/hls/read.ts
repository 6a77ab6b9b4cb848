import { fail, succeed, type Failure, type Result } from "../failure.ts";
import type { Playlist } from "./playlist.ts";
import { readMedia } from "./read-media.ts";
import { readMultivariant } from "./read-multivariant.ts";

/** How much of a playlist is read; past either bound it is refused unread. */
export type ReadLimits = { readonly maxCharacterCount: number; readonly maxLineCount: number };

/** Room for a day of one-second segments with dates; far under what would hold a page up. */
export const defaultReadLimits: ReadLimits = { maxCharacterCount: 16 * 1024 * 1024, maxLineCount: 500_000 };

/** A playlist as read, with what was wrong in it and was read past. */
export type ReadPlaylist = {
  readonly playlist: Playlist;
  /** Up to `maxOddityCount` sentences, each with its line. Empty for a playlist in order. */
  readonly oddities: readonly string[];
};

/** Oddities told of one playlist; the rest are dropped. */
export const maxOddityCount = 20;

/**
 * Reads a playlist (RFC 8216bis section 4) in time linear in its length. Tolerant: unknown tags, broken attributes
 * and stray lines are read past and told as oddities. Refuses what is no playlist or is past the limits; never
 * throws. URIs are given as written.
 * @param where the playlist's address without secrets, for the failure's words
 */
export function readPlaylist(
  text: string,
  where: string,
  limits: ReadLimits = defaultReadLimits,
): Result<ReadPlaylist> {
  if (text.length > limits.maxCharacterCount) {
    return fail(tooLarge(where, `${limits.maxCharacterCount} characters`));
  }
  const hasByteOrderMark = text.startsWith("\u{FEFF}");
  const lines = splitLines(hasByteOrderMark ? text.slice(1) : text, limits.maxLineCount);
  if (lines === null) return fail(tooLarge(where, `${limits.maxLineCount} lines`));
  if (!/^#EXTM3U\s*$/.test(lines[0] ?? "")) return fail(noPlaylist(where, lines[0] ?? ""));
  const oddities: string[] = [];
  const tell = (line: number, words: string): void => {
    if (oddities.length < maxOddityCount) oddities.push(`line ${line + 1}: ${words}`);
  };
  if (hasByteOrderMark) tell(0, "begins with a byte order mark, which a playlist must not");
  const playlist: Playlist = lines.some(isMultivariantTag)
    ? { kind: "multivariant", multivariant: readMultivariant(lines, tell) }
    : { kind: "media", media: readMedia(lines, tell) };
  return succeed({ playlist, oddities });
}

function isMultivariantTag(line: string): boolean {
  return line.startsWith("#EXT-X-STREAM-INF:") || line.startsWith("#EXT-X-MEDIA:");
}

/** Lines without their ends; null when there are more than `maxLineCount`. */
function splitLines(text: string, maxLineCount: number): readonly string[] | null {
  const lines: string[] = [];
  let from = 0;
  while (from < text.length) {
    if (lines.length === maxLineCount) return null;
    const feed = text.indexOf("\n", from);
    const end = feed < 0 ? text.length : feed;
    lines.push(text.slice(from, text.charAt(end - 1) === "\r" && end > from ? end - 1 : end));
    from = end + 1;
  }
  return lines;
}

function tooLarge(where: string, limit: string): Failure {
  return {
    kind: "refused-input",
    what: `read a playlist of more than ${limit}`,
    where,
    next: "Check that the address is that of a playlist; a server may list fewer segments.",
  };
}

function noPlaylist(where: string, firstLine: string): Failure {
  const beginning = firstLine.slice(0, 60);
  return {
    kind: "refused-input",
    what: "read an HLS playlist; it does not begin with #EXTM3U",
    where,
    next: "Check the address; the server may have answered with a page or an error instead.",
    ...(beginning === "" ? {} : { cause: `it begins with: ${beginning}` }),
  };
}
