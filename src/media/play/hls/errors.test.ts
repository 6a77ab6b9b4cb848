import { ErrorDetails } from "hls.js";
import { describe, expect, it } from "vitest";

import { judge, startPatienceMs, type HlsFault, type HlsPast } from "./errors.ts";

const fault: HlsFault = {
  details: "levelLoadError",
  isFatal: false,
  status: null,
  found: null,
  emptyAppendCount: 0,
};
const playing: HlsPast = { hasPlayed: true, sinceAskedMs: 60_000, mediaRecoveryCount: 0, isMediaAhead: true };
const starting: HlsPast = {
  hasPlayed: false,
  sinceAskedMs: 1000,
  mediaRecoveryCount: 0,
  isMediaAhead: false,
};
const dry: HlsPast = { ...playing, isMediaAhead: false };
const waitedOut: HlsPast = { ...starting, sinceAskedMs: startPatienceMs };

describe("a fault of an HLS stream", () => {
  it.each([
    ["a playlist that is gone", { status: 404 }, "playlist-missing", "go-on"],
    ["a playlist that stays gone", { status: 404, isFatal: true }, "playlist-missing", "load-on"],
    ["a server that is gone", { status: 0, isFatal: true }, "unreachable", "load-on"],
    ["a server that fails", { status: 503, isFatal: true }, "unreachable", "load-on"],
    ["a segment that is missing", { details: "fragLoadError", status: 404 }, "segment-missing", "go-on"],
    ["a segment without end", { details: "fragLoadError", found: "too-large" }, "too-large", "go-on"],
    ["a segment that trickles", { details: "fragLoadTimeOut", found: "too-slow" }, "too-slow", "go-on"],
    ["a corrupt segment", { details: "fragParsingError" }, "segment-corrupt", "go-on"],
    [
      "a decoder that gave up",
      { details: "bufferAppendError", isFatal: true },
      "segment-corrupt",
      "renew-decoder",
    ],
    ["a codec that came later", { details: "bufferAddCodecError", isFatal: true }, "codec", "give-up"],
    [
      "a playlist that is none",
      { details: "levelParsingError", isFatal: true },
      "playlist-broken",
      "load-on",
    ],
    [
      "a segment that takes its own place, in another rung",
      { details: "bufferAppendNoProgress", emptyAppendCount: 1 },
      null,
      "go-on",
    ],
    [
      "a segment that brings nothing again and again",
      { details: "bufferAppendNoProgress", emptyAppendCount: 2 },
      "segment-corrupt",
      "go-on",
    ],
    ["a hole that was jumped over", { details: "bufferSeekOverHole" }, null, "go-on"],
  ] as const)("while playing, %s", (_what, given, trouble, action) => {
    expect(judge({ ...fault, ...given }, playing)).toMatchObject({ trouble, action });
  });

  it.each([
    ["a publisher that is not there yet is waited for", { status: 404, isFatal: true }, starting, "reload"],
    ["but not for ever", { status: 404, isFatal: true }, waitedOut, "give-up"],
    ["a refusal is final", { status: 403, isFatal: true }, starting, "give-up"],
    [
      "a playlist of 50 MB is final",
      { details: "manifestLoadError", found: "too-large", isFatal: true },
      starting,
      "give-up",
    ],
  ] as const)("before anything played, %s", (_what, given, past, action) => {
    expect(judge({ ...fault, ...given }, past).action).toBe(action);
  });

  it.each([
    ["nobody answers", { status: 0 }, "load-on"],
    ["nobody answers in time", { status: null, found: "too-slow" }, "load-on"],
    ["its server knows it no more", { status: 404 }, "reload"],
    ["its server tells something else", { details: "levelParsingError" }, "reload"],
    ["the list of its renditions never came", { details: "manifestLoadError", status: 0 }, "reload"],
  ] as const)("after all that was buffered has been played, %s", (_what, given, action) => {
    expect(judge({ ...fault, isFatal: true, ...given }, dry).action).toBe(action);
  });

  it("loads anew when renewing the decoder does not help", () => {
    const broken = { ...fault, details: "bufferAppendError", isFatal: true };
    expect(judge(broken, { ...playing, mediaRecoveryCount: 3 }).action).toBe("reload");
  });

  it("is never passed over when it is fatal, whatever hls.js calls it", () => {
    for (const details of Object.values(ErrorDetails))
      expect(judge({ ...fault, details, isFatal: true }, playing).action).not.toBe("go-on");
  });
});
