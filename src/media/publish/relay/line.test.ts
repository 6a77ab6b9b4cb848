import { describe, expect, it } from "vitest";

import type { Failure } from "../../../core/failure.ts";
import { createFakeTimers } from "../../link/timers.fake.ts";
import type { EncodedChunk } from "../encode/encode.protocol.ts";
import { createRelayLine } from "./line.ts";
import type { RelayLinkListener } from "./link.ts";

const gone: Failure = { kind: "ended-early", what: "gone", where: "server", next: "wait" };
const refused: Failure = { ...gone, kind: "denied", what: "refused" };

const chunk = (slot: number): EncodedChunk => ({
  rungIndex: 0,
  data: new Uint8Array(10),
  isKey: true,
  slot,
  timestampUs: slot * 40_000,
  durationUs: 40_000,
  dateUs: 0,
  decoderConfig: { codec: "avc1.42e01e" },
});

/** A line whose links do as the test says and whose stream is its frames' own bytes. */
function createSubject() {
  const timers = createFakeTimers();
  const log: string[] = [];
  const links: RelayLinkListener[] = [];
  const line = createRelayLine({
    openLink: (listener) => {
      const number = links.push(listener);
      return {
        send: (bytes) => log.push(`${number}: ${bytes.byteLength} bytes`),
        waitingBytes: () => 0,
        finish: () => log.push(`${number}: finish`),
      };
    },
    createWriter: async (_config, onBytes) => ({
      add: async ({ data }) => onBytes(data),
    }),
    maxWaitingBytes: 1000,
    timers,
    random: () => 0,
    onOpen: () => log.push("open"),
    onLive: () => log.push("live"),
    onStuck: ({ what }) => log.push(`stuck: ${what}`),
    onLost: ({ what }) => log.push(`lost: ${what}`),
  });
  const settle = () => new Promise((resolve) => void setImmediate(resolve));
  return { line, timers, log, links, settle };
}

describe("a stream on its way to a target", () => {
  it("goes out from the moment on when the server listens, and stands when the target takes it", async () => {
    const { line, log, links, settle } = createSubject();
    line.take(chunk(0));
    links[0]?.onOpen();
    line.take(chunk(1));
    await settle();
    links[0]?.onProgress({ type: "progress", sentFrameCount: 1, sentBytes: 10 });
    expect(log).toEqual(["open", "1: 10 bytes", "live"]);
    expect(line.counts()).toMatchObject({ sent: { frameCount: 1 }, leftBytes: 10 });
  });

  it("is not tried again when it never stood", () => {
    const { log, links, timers } = createSubject();
    links[0]?.onEnd(gone);
    timers.advance(60_000);
    expect(log).toEqual(["lost: gone"]);
  });

  it("comes back over another link, and counts on", () => {
    const { line, log, links, timers } = createSubject();
    links[0]?.onOpen();
    links[0]?.onProgress({ type: "progress", sentFrameCount: 40, sentBytes: 10 });
    links[0]?.onEnd(gone);
    timers.advance(1000);
    links[1]?.onOpen();
    links[1]?.onProgress({ type: "progress", sentFrameCount: 2, sentBytes: 10 });
    expect(log).toEqual(["open", "live", "stuck: gone", "open", "live"]);
    expect(line.counts().sent?.frameCount).toBe(42);
  });

  it("is given up after a minute, and at once when it is refused", () => {
    const first = createSubject();
    first.links[0]?.onProgress({ type: "progress", sentFrameCount: 1, sentBytes: 1 });
    for (let at = 0; at < 30; at += 1) {
      first.links.at(-1)?.onEnd(gone);
      first.timers.advance(8000);
    }
    expect(first.log.at(-1)).toBe("lost: gone");
    expect(first.links.length).toBeLessThan(20);
    const second = createSubject();
    second.links[0]?.onProgress({ type: "progress", sentFrameCount: 1, sentBytes: 1 });
    second.links[0]?.onEnd(refused);
    expect(second.log.at(-1)).toBe("lost: refused");
  });

  it("ends at the target behind what was taken", async () => {
    const { line, log, links, settle } = createSubject();
    links[0]?.onOpen();
    line.take(chunk(0));
    line.close();
    await settle();
    links[0]?.onEnd(gone);
    expect(log).toEqual(["open", "1: 10 bytes", "1: finish"]);
  });
});
