import { fail, reason, succeed } from "../../core/failure.ts";
import { serve } from "../workers/serve.ts";
import type { Intake, IntakeNews, KeepJobs } from "./keep.protocol.ts";
import { createKeeper } from "./keeper.shared.ts";
import { createOpfsFiles } from "./opfs-files.shared.ts";

const keeper = createKeeper({
  files: createOpfsFiles("streamgauge-kept"),
  nowUs: () => Math.round((performance.timeOrigin + performance.now()) * 1000),
  estimate: () => navigator.storage.estimate(),
});

/** Everything goes one after the other: a file is open once at a time. */
let queue: Promise<unknown> = Promise.resolve();

function inTurn<Value>(work: () => Promise<Value> | Value): Promise<Value> {
  const done = queue.then(work);
  queue = done.catch(() => null);
  return done;
}

function takeFrom(sessionId: string, port: MessagePort): void {
  const tell = (news: IntakeNews): void => port.postMessage(news);
  port.onmessage = ({ data }: MessageEvent<Intake>): void => {
    void inTurn(async () => {
      const { item, bytes } = data;
      const { byteLength } = bytes;
      const isKeyWanted = await keeper.take(sessionId, item, new Uint8Array(bytes));
      tell({ kind: "taken", bytes: byteLength });
      if (isKeyWanted) tell({ kind: "key-wanted" });
    }).catch((error: unknown) => {
      // What cannot be written is a fault of the disk: the page hears of it as a crash, and starts another worker.
      setTimeout(() => {
        throw new Error(reason(error));
      });
    });
  };
}

serve<KeepJobs>(
  {
    listen: (onMessage) => {
      self.onmessage = (event: MessageEvent<unknown>): void => onMessage(event.data);
    },
    post: (answer, transfer) => self.postMessage(answer, { transfer: [...transfer] }),
  },
  {
    open: ({ sessionId, label, ports }) =>
      inTurn(async () => {
        const result = await keeper.open(sessionId, label);
        if (result.ok) for (const port of ports) takeFrom(sessionId, port);
        return { result };
      }),
    facts: ({ sessionId, facts }) =>
      inTurn(() => {
        keeper.facts(sessionId, facts);
        return { result: succeed(null) };
      }),
    record: ({ sessionId, segmentId }) => inTurn(() => ({ result: keeper.record(sessionId, segmentId) })),
    end: ({ sessionId, segmentId, cause }) =>
      inTurn(() => {
        keeper.end(sessionId, segmentId, cause);
        return { result: succeed(null) };
      }),
    keepFrom: ({ sessionId, segmentId, fromUs }) =>
      inTurn(() => ({ result: keeper.keepFrom(sessionId, segmentId, fromUs) })),
    configure: (settings) =>
      inTurn(() => {
        keeper.configure(settings);
        return { result: succeed(null) };
      }),
    status: ({ ownIds }) => inTurn(async () => ({ result: succeed(await keeper.status(ownIds)) })),
    remove: ({ sessionId, segmentId }) =>
      inTurn(async () => ({ result: await keeper.remove(sessionId, segmentId) })),
    read: ({ sessionId, segmentId, index }) =>
      inTurn(async () => {
        const result = await keeper.read(sessionId, segmentId, index);
        return result.ok ? { result, transfer: [result.value.bytes] } : { result: fail(result.failure) };
      }),
    close: ({ sessionId }) =>
      inTurn(async () => {
        await keeper.close(sessionId);
        return { result: succeed(null) };
      }),
  },
  "keeping what is received",
);
