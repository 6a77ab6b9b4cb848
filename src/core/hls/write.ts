import { quote, writeSeconds, writeUri } from "./attributes.ts";
import { writeDateTime } from "./date-time.ts";
import {
  isSameMap,
  type ByteRange,
  type InitMap,
  type MediaPlaylist,
  type MultivariantPlaylist,
  type Part,
  type PreloadHint,
  type Rendition,
  type RenditionReport,
  type Segment,
  type SegmentHead,
  type ServerControl,
  type Variant,
} from "./playlist.ts";

/** Writes a media playlist (RFC 8216bis 4.4.3 to 4.4.5), lines ended by LF. */
export function writeMediaPlaylist(playlist: MediaPlaylist): string {
  const lines = ["#EXTM3U", `#EXT-X-VERSION:${playlist.version}`, ...headerLines(playlist)];
  let map: InitMap | null = null;
  for (const segment of playlist.segments) {
    lines.push(...headLines(segment, map), ...segmentLines(segment));
    map = segment.map;
  }
  if (playlist.open !== null) lines.push(...headLines(playlist.open, map));
  lines.push(...playlist.hints.map(hintLine), ...playlist.reports.map(reportLine));
  if (playlist.isEnded) lines.push("#EXT-X-ENDLIST");
  return `${lines.join("\n")}\n`;
}

/** Writes a multivariant playlist (4.4.6), lines ended by LF. */
export function writeMultivariantPlaylist(playlist: MultivariantPlaylist): string {
  const lines = ["#EXTM3U", `#EXT-X-VERSION:${playlist.version}`];
  if (playlist.independentSegments) lines.push("#EXT-X-INDEPENDENT-SEGMENTS");
  lines.push(...playlist.renditions.map(renditionLine));
  for (const variant of playlist.variants) lines.push(variantLine(variant), writeUri(variant.uri));
  return `${lines.join("\n")}\n`;
}

/** Writes the tag that stands for left-out segments (4.4.5.2). */
export function skipLine(skippedCount: number): string {
  return `#EXT-X-SKIP:SKIPPED-SEGMENTS=${skippedCount}`;
}

function headerLines(playlist: MediaPlaylist): readonly string[] {
  return given([
    playlist.targetDurationS === null
      ? null
      : `#EXT-X-TARGETDURATION:${writeSeconds(playlist.targetDurationS)}`,
    playlist.serverControl === null ? null : serverControlLine(playlist.serverControl),
    playlist.partTargetS === null
      ? null
      : `#EXT-X-PART-INF:PART-TARGET=${writeSeconds(playlist.partTargetS)}`,
    playlist.independentSegments ? "#EXT-X-INDEPENDENT-SEGMENTS" : null,
    playlist.type === null ? null : `#EXT-X-PLAYLIST-TYPE:${playlist.type}`,
    `#EXT-X-MEDIA-SEQUENCE:${playlist.mediaSequence}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${playlist.discontinuitySequence}`,
    playlist.skippedCount === 0 ? null : skipLine(playlist.skippedCount),
  ]);
}

function headLines(head: SegmentHead, mapBefore: InitMap | null): readonly string[] {
  return given([
    head.isDiscontinuity ? "#EXT-X-DISCONTINUITY" : null,
    head.map === null || isSameMap(head.map, mapBefore) ? null : mapLine(head.map),
    head.programDateTimeMs === null
      ? null
      : `#EXT-X-PROGRAM-DATE-TIME:${writeDateTime(head.programDateTimeMs)}`,
    ...head.parts.map(partLine),
  ]);
}

function segmentLines(segment: Segment): readonly string[] {
  return given([
    segment.isGap ? "#EXT-X-GAP" : null,
    segment.byteRange === null ? null : `#EXT-X-BYTERANGE:${writeRange(segment.byteRange)}`,
    `#EXTINF:${writeSeconds(segment.durationS)},`,
    writeUri(segment.uri),
  ]);
}

function serverControlLine(control: ServerControl): string {
  return attributesLine("#EXT-X-SERVER-CONTROL", [
    control.canBlockReload ? "CAN-BLOCK-RELOAD=YES" : null,
    control.canSkipUntilS === null ? null : `CAN-SKIP-UNTIL=${writeSeconds(control.canSkipUntilS)}`,
    control.holdBackS === null ? null : `HOLD-BACK=${writeSeconds(control.holdBackS)}`,
    control.partHoldBackS === null ? null : `PART-HOLD-BACK=${writeSeconds(control.partHoldBackS)}`,
  ]);
}

function mapLine(map: InitMap): string {
  return attributesLine("#EXT-X-MAP", [
    `URI=${quote(map.uri)}`,
    map.byteRange === null ? null : `BYTERANGE=${quote(writeRange(map.byteRange))}`,
  ]);
}

function partLine(part: Part): string {
  return attributesLine("#EXT-X-PART", [
    `DURATION=${writeSeconds(part.durationS)}`,
    `URI=${quote(part.uri)}`,
    part.isIndependent ? "INDEPENDENT=YES" : null,
    part.byteRange === null ? null : `BYTERANGE=${quote(writeRange(part.byteRange))}`,
    part.isGap ? "GAP=YES" : null,
  ]);
}

function hintLine(hint: PreloadHint): string {
  return attributesLine("#EXT-X-PRELOAD-HINT", [
    `TYPE=${hint.type}`,
    `URI=${quote(hint.uri)}`,
    hint.offsetBytes === null ? null : `BYTERANGE-START=${hint.offsetBytes}`,
    hint.lengthBytes === null ? null : `BYTERANGE-LENGTH=${hint.lengthBytes}`,
  ]);
}

function reportLine(report: RenditionReport): string {
  return attributesLine("#EXT-X-RENDITION-REPORT", [
    `URI=${quote(report.uri)}`,
    `LAST-MSN=${report.lastMsn}`,
    report.lastPart === null ? null : `LAST-PART=${report.lastPart}`,
  ]);
}

function renditionLine(rendition: Rendition): string {
  return attributesLine("#EXT-X-MEDIA", [
    `TYPE=${rendition.type}`,
    `GROUP-ID=${quote(rendition.groupId)}`,
    `NAME=${quote(rendition.name)}`,
    rendition.language === null ? null : `LANGUAGE=${quote(rendition.language)}`,
    rendition.isDefault ? "DEFAULT=YES" : null,
    rendition.isAutoselect ? "AUTOSELECT=YES" : null,
    rendition.uri === null ? null : `URI=${quote(rendition.uri)}`,
  ]);
}

function variantLine(variant: Variant): string {
  const { widthPx, heightPx, frameRateFps, audioGroup } = variant;
  return attributesLine("#EXT-X-STREAM-INF", [
    `BANDWIDTH=${variant.bandwidthBps}`,
    variant.averageBandwidthBps === null ? null : `AVERAGE-BANDWIDTH=${variant.averageBandwidthBps}`,
    variant.codecs.length === 0 ? null : `CODECS=${quote(variant.codecs.join(","))}`,
    widthPx === null || heightPx === null ? null : `RESOLUTION=${widthPx}x${heightPx}`,
    // 4.4.6.2: rounded to three decimal places.
    frameRateFps === null ? null : `FRAME-RATE=${frameRateFps.toFixed(3)}`,
    audioGroup === null ? null : `AUDIO=${quote(audioGroup)}`,
  ]);
}

function attributesLine(tag: string, attributes: readonly (string | null)[]): string {
  return `${tag}:${given(attributes).join(",")}`;
}

function given(lines: readonly (string | null)[]): readonly string[] {
  return lines.filter((line) => line !== null);
}

function writeRange(range: ByteRange): string {
  return range.offsetBytes === null ? String(range.lengthBytes) : `${range.lengthBytes}@${range.offsetBytes}`;
}
