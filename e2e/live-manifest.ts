import type { Rule } from "./media-server.ts";

/** Seconds of media that are there from the start. */
const headStartS = 10;

/**
 * Hands out ffmpeg's manifest of segments of one second as that of a live stream, with the segments that have come by now.
 * @param text the manifest of the whole, as ffmpeg wrote it
 */
export function liveManifest(path: string, text: string): Rule {
  const startMs = Date.now() - headStartS * 1000;
  const live = [
    'type="dynamic"',
    `availabilityStartTime="${new Date(startMs).toISOString()}"`,
    'minimumUpdatePeriod="PT1S"',
    'timeShiftBufferDepth="PT30S"',
    'suggestedPresentationDelay="PT4S"',
  ].join(" ");
  return (asked) => {
    if (asked !== path) return null;
    const segmentCount = Math.floor((Date.now() - startMs) / 1000);
    return {
      kind: "text",
      text: text
        .replace('type="static"', live)
        .replace(/\s+mediaPresentationDuration="[^"]*"/, "")
        .replace(/ r="\d+"/, ` r="${segmentCount - 1}"`),
      type: "application/dash+xml",
    };
  };
}
