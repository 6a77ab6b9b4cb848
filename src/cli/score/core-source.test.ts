import { EventEmitter } from "node:events";
import type { Worker } from "node:worker_threads";

import { expect, it } from "vitest";

import type { CoreRequest } from "./core-frames.ts";
import { streamFrom } from "./core-source.ts";

const request: CoreRequest = {
  facts: {
    codec: "h264",
    widthPx: 2,
    heightPx: 1,
    pixelFormat: "yuv420p",
    isFullRange: false,
    matrix: "bt601",
    rotationDegrees: 0,
    frameRateFps: 25,
    durationS: null,
    frameCount: null,
    streamIndex: 0,
  },
  target: { widthPx: 2, heightPx: 1, matrix: "bt601" },
};

function startFake(threadId: number) {
  const thread = Object.assign(new EventEmitter(), { threadId, postMessage: () => undefined });
  const stream = streamFrom(thread as unknown as Worker, new SharedArrayBuffer(4), request);
  return { thread, stream };
}

it.each([
  ["error", new Error("out of memory"), "out of memory"],
  ["exit", 1, "without a word"],
])("who waits for a frame of a thread that breaks down (%s) is told", async (event, what, why) => {
  const { thread, stream } = startFake(1);
  thread.emit("message", { kind: "frame", luma: new Uint8Array(2) });
  expect(await stream.next()).toHaveLength(2);
  const next = stream.next();
  thread.emit(event, what);
  expect(await next).toBeNull();
  expect(stream.brokenBy()).toContain(why);
});

it("a thread that came to the file's end is not broken by its exit, and one that is gone already is", async () => {
  const { thread, stream } = startFake(1);
  thread.emit("message", { kind: "end", complaints: [] });
  thread.emit("exit", 0);
  expect(await stream.next()).toBeNull();
  expect(stream.brokenBy()).toBeNull();
  expect(await startFake(-1).stream.next()).toBeNull();
});
