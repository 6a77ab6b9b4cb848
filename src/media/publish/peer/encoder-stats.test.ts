import { describe, expect, it } from "vitest";

import { toEncoderCounts, toEncoderSample, worstServed } from "./encoder-stats.ts";

const codec = { id: "C1", type: "codec", mimeType: "video/VP8" };
const transport = { id: "T1", type: "transport", selectedCandidatePairId: "P2" };
const pairs = [
  { id: "P1", type: "candidate-pair", currentRoundTripTime: 9 },
  { id: "P2", type: "candidate-pair", currentRoundTripTime: 0.012 },
];

function outbound(atMs: number, framesSent: number, bytesSent: number, ssrc = 1) {
  return [
    {
      type: "outbound-rtp",
      kind: "video",
      ssrc,
      timestamp: atMs,
      framesSent,
      framesEncoded: framesSent + 1,
      bytesSent,
      codecId: "C1",
      qualityLimitationReason: "none",
    },
    codec,
    transport,
    ...pairs,
  ];
}

function sampleBetween(before: ReturnType<typeof outbound>, after: ReturnType<typeof outbound>) {
  const counts = toEncoderCounts(after);
  return counts === null ? null : toEncoderSample(toEncoderCounts(before), counts);
}

describe("what an encoder did", () => {
  it("is counted over the browser's own interval", () => {
    expect(sampleBetween(outbound(1000, 30, 0), outbound(3000, 90, 500_000))).toEqual({
      encodedFps: 30,
      sentFps: 30,
      bitrateKbps: 2000,
      roundTripMs: 12,
      limitation: "none",
      codec: "VP8",
    });
  });

  it("has no rates across two streams, and never a zero for what is not known", () => {
    const sample = sampleBetween(outbound(1000, 30, 0, 1), outbound(3000, 90, 500_000, 2));
    expect(sample).not.toHaveProperty("sentFps");
    expect(sample).not.toHaveProperty("widthPx");
  });

  it("is told of the receiver that is served worst", () => {
    expect(worstServed([{ sentFps: 30 }, { sentFps: 12 }, {}])).toEqual({ sentFps: 12 });
    expect(worstServed([])).toEqual({});
  });
});
