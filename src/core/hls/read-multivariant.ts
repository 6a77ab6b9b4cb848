import { readAttributes, readCount, readDecimal, type Attributes } from "./attributes.ts";
import type { MultivariantPlaylist, Rendition, Variant } from "./playlist.ts";
import type { Tell } from "./read-media.ts";

/** Reads a multivariant playlist's lines (RFC 8216bis 4.4.6). I-frame variants, session data and keys are passed over. */
export function readMultivariant(lines: readonly string[], tell: Tell): MultivariantPlaylist {
  const variants: Variant[] = [];
  const renditions: Rendition[] = [];
  let version = 1;
  let independentSegments = false;
  let pending: Attributes | null = null;
  for (const [index, line] of lines.entries()) {
    const value = line.slice(line.indexOf(":") + 1);
    if (line.startsWith("#EXT-X-STREAM-INF:")) pending = readAttributes(value);
    else if (line.startsWith("#EXT-X-MEDIA:"))
      put(renditions, toRendition(readAttributes(value)), index, tell);
    else if (line.startsWith("#EXT-X-VERSION:")) version = readCount(value.trim()) ?? 1;
    else if (line.startsWith("#EXT-X-INDEPENDENT-SEGMENTS")) independentSegments = true;
    else if (line.trim() !== "" && !line.startsWith("#")) {
      put(variants, toVariant(line.trim(), pending), index, tell);
      pending = null;
    }
  }
  return { version, independentSegments, variants, renditions };
}

function put<Value>(list: Value[], value: Value | null, index: number, tell: Tell): void {
  if (value === null) tell(index, "a variant or rendition without what it must have");
  else list.push(value);
}

function toVariant(uri: string, attributes: Attributes | null): Variant | null {
  const bandwidthBps = readCount(attributes?.get("BANDWIDTH"));
  if (attributes === null || bandwidthBps === null) return null;
  const size = /^(\d{1,6})x(\d{1,6})$/.exec(attributes.get("RESOLUTION") ?? "");
  return {
    uri,
    bandwidthBps,
    averageBandwidthBps: readCount(attributes.get("AVERAGE-BANDWIDTH")),
    codecs: (attributes.get("CODECS") ?? "")
      .split(",")
      .map((codec) => codec.trim())
      .filter((codec) => codec !== ""),
    widthPx: readCount(size?.[1]),
    heightPx: readCount(size?.[2]),
    frameRateFps: readDecimal(attributes.get("FRAME-RATE")),
    audioGroup: attributes.get("AUDIO") ?? null,
  };
}

function toRendition(attributes: Attributes): Rendition | null {
  const type = attributes.get("TYPE");
  const groupId = attributes.get("GROUP-ID");
  const name = attributes.get("NAME");
  if (type === undefined || groupId === undefined || name === undefined) return null;
  return {
    type,
    groupId,
    name,
    language: attributes.get("LANGUAGE") ?? null,
    isDefault: attributes.get("DEFAULT") === "YES",
    isAutoselect: attributes.get("AUTOSELECT") === "YES",
    uri: attributes.get("URI") ?? null,
  };
}
