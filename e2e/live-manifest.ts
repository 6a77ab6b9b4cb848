import type { Rule } from "./media-server.ts";

/** Seconds of media that are there from the start. */
const headStartS = 10;

/** A live stream out of ffmpeg's manifest of segments of one second. */
export type LiveManifest = {
  /** Hands out the manifest with the segments that have come by now; null for every other path. */
  readonly rule: Rule;
  /** The same manifest is handed out until `goOn`; then what has come meanwhile is listed. */
  readonly halt: () => void;
  readonly goOn: () => void;
};

/**
 * Makes a live stream of a recording.
 * @param text the manifest of the whole, as ffmpeg wrote it
 */
export function createLiveManifest(path: string, text: string): LiveManifest {
  const startMs = Date.now() - headStartS * 1000;
  let haltedMs: number | null = null;
  const live = [
    'type="dynamic"',
    `availabilityStartTime="${new Date(startMs).toISOString()}"`,
    'minimumUpdatePeriod="PT1S"',
    'timeShiftBufferDepth="PT30S"',
    'suggestedPresentationDelay="PT6S"',
  ].join(" ");
  return {
    rule: (asked) => {
      if (asked !== path) return null;
      const segmentCount = Math.floor(((haltedMs ?? Date.now()) - startMs) / 1000);
      return {
        kind: "text",
        text: text
          .replace('type="static"', live)
          .replace(/\s+mediaPresentationDuration="[^"]*"/, "")
          .replace(/ r="\d+"/, ` r="${segmentCount - 1}"`),
        type: "application/dash+xml",
      };
    },
    halt: () => {
      haltedMs ??= Date.now();
    },
    goOn: () => {
      haltedMs = null;
    },
  };
}
