import finderWasmPath from "zxing-wasm/reader/zxing_reader.wasm?url";

import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { ReadReport, ReadRequest } from "./read.protocol.ts";

/** A reading worker that is kept running. Whoever made it closes it. */
export type ReadWorker = {
  /** Whether one runs now; while it is being restarted, what is sent is lost. */
  readonly isRunning: () => boolean;
  readonly send: (request: ReadRequest, transfer: readonly Transferable[]) => void;
  readonly close: () => void;
};

/** What a reading worker tells its owner. */
export type ReadWorkerListener = {
  readonly onReport: (report: ReadReport, worker: ReadWorker) => void;
  /** It crashed; all that was in flight is lost. A new one is started. */
  readonly onLost: () => void;
  /** A new one runs and has no stream yet. */
  readonly onRestarted: (worker: ReadWorker) => void;
};

/** Wait before another start after a crash, so that a worker that dies at once does not take the page with it, ms. */
const restartAfterMs = 500;

function startFailure(why: string): Failure {
  return {
    kind: "unsupported",
    what: "starting the marker reader",
    where: "this browser's worker",
    next: "Reload the page; if it stays so, use a current Chromium, Firefox or Safari and allow WebAssembly.",
    cause: why,
  };
}

/** Starts one worker; resolves when its search is loaded. */
async function startWorker(): Promise<Result<Worker>> {
  const worker = new Worker(new URL("./read.worker.ts", import.meta.url), { type: "module" });
  const why = await new Promise<string | null>((resolve) => {
    worker.onmessage = (event: MessageEvent<ReadReport>): void => {
      if (event.data.kind === "ready") resolve(null);
      if (event.data.kind === "no-finder") resolve(event.data.why);
    };
    worker.onerror = (event): void => resolve(event.message === "" ? "it did not load" : event.message);
    const request: ReadRequest = {
      kind: "start",
      finderWasmUrl: new URL(finderWasmPath, location.href).href,
    };
    worker.postMessage(request);
  });
  if (why === null) return succeed(worker);
  worker.terminate();
  return fail(startFailure(why));
}

/** Starts a reading worker and starts another whenever one crashes. */
export async function hostReadWorker(listener: ReadWorkerListener): Promise<Result<ReadWorker>> {
  let worker: Worker | null = null;
  let isClosed = false;
  const host: ReadWorker = {
    isRunning: () => worker !== null,
    send: (request, transfer) => worker?.postMessage(request, [...transfer]),
    close: () => {
      isClosed = true;
      worker?.terminate();
      worker = null;
    },
  };

  function adopt(started: Worker): void {
    worker = started;
    started.onmessage = (event: MessageEvent<ReadReport>): void => listener.onReport(event.data, host);
    started.onerror = (): void => {
      started.terminate();
      worker = null;
      if (isClosed) return;
      listener.onLost();
      restartLater();
    };
  }

  async function restart(): Promise<void> {
    const started = await startWorker();
    if (isClosed) {
      if (started.ok) started.value.terminate();
      return;
    }
    if (!started.ok) {
      restartLater();
      return;
    }
    adopt(started.value);
    listener.onRestarted(host);
  }

  function restartLater(): void {
    setTimeout(() => void restart(), restartAfterMs);
  }

  try {
    const started = await startWorker();
    if (!started.ok) return started;
    adopt(started.value);
  } catch (thrown) {
    return fail(startFailure(reason(thrown)));
  }
  return succeed(host);
}
