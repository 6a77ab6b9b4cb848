import { expect, it } from "vitest";

import { feedFrom, type FfmpegWorker } from "./ffmpeg-feed.shared.ts";

it("who waits for a frame of a worker that breaks down is told, after the frames that came", async () => {
  const listeners = new Map<string, Parameters<FfmpegWorker["addEventListener"]>[1]>();
  const worker: FfmpegWorker = { addEventListener: (kind, listener) => void listeners.set(kind, listener) };
  const feed = feedFrom(worker, null, { widthPx: 2, heightPx: 1, matrix: "bt709" });
  const [first, second] = [feed.next(), feed.next()];
  listeners.get("message")?.({ data: { kind: "frame", luma: new Uint8Array([1, 2]) } });
  listeners.get("error")?.({ message: "memory access out of bounds" });
  expect(await first).toMatchObject({ data: new Uint8Array([1, 2]) });
  await expect(second).rejects.toThrow("memory access out of bounds");
  await expect(feed.next()).rejects.toThrow("out of bounds");
});
