import { afterEach, expect, it } from "vitest";

import { succeed } from "../../core/failure.ts";
import type { FrameItem } from "../../core/record/item.ts";
import { startFakeWorker } from "../workers/worker.fake.ts";
import type { ExportJobs } from "./export.protocol.ts";
import { createExporter } from "./export.shared.ts";
import { createFakeDisk } from "./files.fake.ts";
import { createGiver, type Giver } from "./intake.shared.ts";
import type { Intake, KeepJobs } from "./keep.protocol.ts";
import { createKeep, type Keep } from "./keep.ts";
import { createKeeper } from "./keeper.shared.ts";

/** Keeping workers over one disk in memory, as `keep.worker.ts` is one over the browser's; the last can be made to die. */
function createWorkers() {
  const disk = createFakeDisk();
  let takenCount = 0;
  let end = (): void => undefined;
  const startKeeper = () => {
    const files = disk.openPage();
    const keeper = createKeeper({ files, nowUs: () => 1e12, estimate: async () => ({}) });
    const ports: MessagePort[] = [];
    const done = async () => ({ result: succeed(null) });
    const worker = startFakeWorker<KeepJobs>({
      open: async ({ sessionId, label, ports: given }) => {
        ports.push(...given);
        const result = await keeper.open(sessionId, label);
        for (const port of given)
          port.onmessage = async ({ data: { item, bytes } }: MessageEvent<Intake>) => {
            await keeper.take(sessionId, item, new Uint8Array(bytes));
            takenCount += 1;
          };
        return { result };
      },
      facts: done,
      record: async ({ sessionId, segmentId }) => ({ result: keeper.record(sessionId, segmentId) }),
      end: async ({ sessionId, segmentId, cause }) => {
        keeper.end(sessionId, segmentId, cause);
        return done();
      },
      keepFrom: done,
      configure: done,
      status: async ({ ownIds }) => ({ result: succeed(await keeper.status(ownIds)) }),
      remove: done,
      read: async ({ sessionId, segmentId, index }) => ({
        result: await keeper.read(sessionId, segmentId, index),
      }),
      close: done,
    });
    end = () => {
      files.end();
      for (const port of ports) port.close();
      worker.crash("out of memory");
    };
    return worker;
  };
  return { startKeeper, crash: () => end(), takenCount: () => takenCount };
}

function startExporter() {
  let exporter = createExporter(0);
  return startFakeWorker<ExportJobs>({
    begin: async ({ expectedBytes }) => {
      exporter = createExporter(expectedBytes);
      return { result: succeed(null) };
    },
    add: async ({ bytes, untilUs }) => {
      await exporter.add(new Uint8Array(bytes), untilUs);
      return { result: succeed(null) };
    },
    finish: async () => ({ result: succeed(await exporter.finish()) }),
  });
}

let keep: Keep | null = null;
afterEach(() => keep?.close());

it("a recording has what came before its worker stood, and goes on when that crashes: what was written before stands", async () => {
  const { startKeeper, crash, takenCount } = createWorkers();
  const made = createKeep({ startKeeper, startExporter });
  keep = made;
  const road: { giver: Giver | null } = { giver: null };
  const joined = made.join({
    sessionId: "s",
    label: "a stream",
    takePorts: ({ page }) => {
      road.giver = createGiver(page, () => undefined);
    },
  });
  const recorded = made.call("record", { sessionId: "s", segmentId: "one" });
  const give = async (from: number): Promise<void> => {
    const before = takenCount();
    for (let index = from; index < from + 3; index += 1)
      road.giver?.give(frame(index), Uint8Array.from([index]).buffer);
    while (takenCount() < before + 3) await new Promise((resolve) => setImmediate(resolve));
  };
  // The worker is still starting.
  await give(0);
  await Promise.all([joined, recorded]);
  crash();
  expect(await made.status()).toMatchObject({ ok: true, value: { segments: [{ state: "recording" }] } });
  await give(3);
  await made.call("end", { sessionId: "s", segmentId: "one", cause: "asked" });
  const exported = await made.exportSegment({ sessionId: "s", segmentId: "one", bytes: 100 });
  expect(exported).toMatchObject({ ok: true, value: { files: [{ itemCount: 6 }] } });
});

function frame(index: number): FrameItem {
  return {
    kind: "frame",
    mimeType: "video/VP8",
    isKey: index % 3 === 0,
    rtpTimestamp: index * 3000,
    receivedAtUs: 1e12 + index * 33_000,
    widthPx: 64,
    heightPx: 36,
    skippedCount: 0,
  };
}
