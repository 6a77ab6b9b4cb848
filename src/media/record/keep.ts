import { fail, type Result } from "../../core/failure.ts";
import { createCaller, type Caller, type JobWorker } from "../workers/call.ts";
import type { ExportedSegment, ExportJobs } from "./export.protocol.ts";
import type { KeepJobs, KeepStatus, SegmentSummary } from "./keep.protocol.ts";

/** How much may be kept, by the user's setting. */
export type KeepSettings = {
  /** How far back the ring reaches, s; 0: nothing is kept unless it is recorded. */
  readonly ringS: number;
  readonly limitBytes: number;
};

/** Two minutes, in at most 512 MB. */
export const keepDefaults: KeepSettings = { ringS: 120, limitBytes: 512 * 1024 * 1024 };

/** A stream that is being kept; tells the keep how to begin again in a new worker. */
export type KeptStream = {
  readonly sessionId: string;
  readonly label: string;
  /** Gives items new roads to the disk. */
  readonly takePorts: (ports: KeepPorts) => void;
};

/** Roads to the disk: one from the page, one from the worker that takes encoded frames. */
export type KeepPorts = { readonly page: MessagePort; readonly tap: MessagePort };

/** What this page keeps of what it receives: streams that are kept, and all segments of this site. Whoever made it closes it. */
export type Keep = {
  /** Jobs of the keeping worker, for the streams. */
  readonly call: Caller<KeepJobs>["call"];
  /** Begins to keep a stream; it stays until `leave`. */
  readonly join: (stream: KeptStream) => Promise<Result<null>>;
  readonly leave: (stream: KeptStream) => void;
  readonly configure: (settings: KeepSettings) => void;
  readonly settings: () => KeepSettings;
  readonly status: () => Promise<Result<KeepStatus>>;
  readonly remove: (segment: Pick<SegmentSummary, "sessionId" | "segmentId">) => Promise<Result<null>>;
  /** Makes files of a segment, as it was received. One that is being recorded is exported as far as it has come. */
  readonly exportSegment: (
    segment: Pick<SegmentSummary, "sessionId" | "segmentId" | "bytes">,
  ) => Promise<Result<ExportedSegment>>;
  readonly close: () => void;
};

/** What a keep is made of; tests bring workers of their own. */
export type KeepAdapters = {
  readonly startKeeper: () => JobWorker;
  readonly startExporter: () => JobWorker;
};

/** What a browser lacks to keep anything, in words; null when nothing. */
export function keepingLack(): string | null {
  const { navigator: own } = globalThis as {
    readonly navigator?: { readonly storage?: { readonly getDirectory?: unknown }; readonly locks?: unknown };
  };
  if (!("Worker" in globalThis) || own?.storage?.getDirectory === undefined || own.locks === undefined)
    return "this browser gives the page no files of its own (a private window, or a page without https)";
  return null;
}

const browserAdapters: KeepAdapters = {
  startKeeper: () => new Worker(new URL("./keep.worker.ts", import.meta.url), { type: "module" }),
  startExporter: () => new Worker(new URL("./export.worker.ts", import.meta.url), { type: "module" }),
};

/** Makes a keep; its workers start when they are needed. */
export function createKeep(adapters: KeepAdapters = browserAdapters): Keep {
  const caller = createCaller<KeepJobs>({
    start: adapters.startKeeper,
    what: "keeping what is received",
  });
  const exporting = createCaller<ExportJobs>({
    start: adapters.startExporter,
    what: "making a file of what was kept",
  });
  const streams = new Set<KeptStream>();
  let settings = keepDefaults;
  const configure = (next: KeepSettings): void => {
    settings = next;
    void caller.call("configure", next);
  };
  const open = async ({ sessionId, label, takePorts }: KeptStream): Promise<Result<null>> => {
    const [page, tap] = [new MessageChannel(), new MessageChannel()];
    const ports = [page.port1, tap.port1];
    const opening = caller.call("open", { sessionId, label, ports }, { transfer: ports });
    // What comes before the folder stands waits in the ports: a stream's first segment comes within moments.
    takePorts({ page: page.port2, tap: tap.port2 });
    return opening;
  };
  /** A worker that was started anew knows nothing: it is told again before anything else is asked of it. */
  const recover = async (): Promise<void> => {
    for (const stream of streams) await open(stream);
    configure(settings);
  };
  configure(settings);
  return {
    call: caller.call,
    join: async (stream) => {
      streams.add(stream);
      return open(stream);
    },
    leave: (stream) => {
      streams.delete(stream);
      void caller.call("close", { sessionId: stream.sessionId });
    },
    configure,
    settings: () => settings,
    status: async () => {
      const ownIds = [...streams].map(({ sessionId }) => sessionId);
      const status = await caller.call("status", { ownIds });
      if (status.ok && hasAll(status.value, ownIds)) return status;
      await recover();
      return caller.call("status", { ownIds });
    },
    remove: ({ sessionId, segmentId }) => caller.call("remove", { sessionId, segmentId }),
    exportSegment: ({ sessionId, segmentId, bytes }) =>
      exportParts(caller, exporting, { sessionId, segmentId }, bytes),
    close: () => {
      caller.close();
      exporting.close();
    },
  };
}

function hasAll({ rings }: KeepStatus, ids: readonly string[]): boolean {
  return ids.every((id) => rings.some(({ sessionId }) => sessionId === id));
}

async function exportParts(
  caller: Caller<KeepJobs>,
  exporting: Caller<ExportJobs>,
  segment: Pick<SegmentSummary, "sessionId" | "segmentId">,
  expectedBytes: number,
): Promise<Result<ExportedSegment>> {
  await exporting.call("begin", { expectedBytes });
  for (let index = 0, hasMore = true; hasMore; index += 1) {
    const part = await caller.call("read", { ...segment, index });
    if (!part.ok) return fail(part.failure);
    const { bytes, untilUs } = part.value;
    const added = await exporting.call("add", { bytes, untilUs }, { transfer: [bytes] });
    if (!added.ok) return added;
    ({ hasMore } = part.value);
  }
  return exporting.call("finish", {});
}
