import { describe, expect, it } from "vitest";

import { createTransportCounter } from "./transport-stats.ts";

describe("what a receiver's browser counts", () => {
  const inbound = (ssrc: number, bytesReceived: number, delayS: number, emitted: number) => [
    {
      type: "inbound-rtp",
      kind: "video",
      ssrc,
      bytesReceived,
      jitter: 0.004,
      jitterBufferDelay: delayS,
      jitterBufferEmittedCount: emitted,
    },
  ];

  it("goes on counting over reconnects", () => {
    const counter = createTransportCounter();
    counter.add(inbound(1, 1000, 0, 0), 0);
    counter.add([], 1000);
    expect(counter.add(inbound(2, 500, 0, 0), 2000).receivedBytes).toBe(1500);
    expect(counter.add(inbound(2, 700, 0, 0), 3000).receivedBytes).toBe(1700);
  });

  it("has the buffer's hold of the frames since the last sample", () => {
    const counter = createTransportCounter();
    expect(counter.add(inbound(1, 0, 1, 10), 0)).not.toHaveProperty("jitterBufferMs");
    expect(counter.add(inbound(1, 0, 1.5, 20), 1000)).toMatchObject({
      jitterBufferMs: 50,
      packetJitterMs: 4,
    });
    expect(counter.add(inbound(1, 0, 1.5, 20), 2000)).not.toHaveProperty("jitterBufferMs");
  });

  it("is nothing, not zero, before the first connection", () => {
    expect(createTransportCounter().add([], 5)).toEqual({ atMs: 5 });
  });
});
