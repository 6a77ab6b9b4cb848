import type { JobShapes } from "./call.protocol.ts";
import type { JobWorker } from "./call.ts";
import { serve, type JobTable } from "./serve.ts";

/** A worker that runs its jobs in this thread, behind a message channel, so that messages are cloned as in a real one. */
export type FakeWorker = JobWorker & {
  /** Ends it as an uncaught error would. */
  readonly crash: (message: string) => void;
  readonly isTerminated: () => boolean;
};

/** Starts a worker over a table of jobs. */
export function startFakeWorker<Jobs extends JobShapes>(jobs: JobTable<Jobs>): FakeWorker {
  const { port1: pagePort, port2: workerPort } = new MessageChannel();
  const errorListeners: ((event: { readonly message?: string }) => void)[] = [];
  let isTerminated = false;
  const scope = {
    listen: (onMessage: (data: unknown) => void): void => {
      workerPort.onmessage = (event: MessageEvent<unknown>): void => onMessage(event.data);
    },
    post: (answer: unknown, transfer: readonly Transferable[]): void => {
      if (!isTerminated) workerPort.postMessage(answer, [...transfer]);
    },
  };
  serve(scope, jobs, "a job of a test");
  const terminate = (): void => {
    isTerminated = true;
    pagePort.close();
    workerPort.close();
  };
  return {
    postMessage: (message, transfer) => pagePort.postMessage(message, transfer),
    terminate,
    addEventListener: (kind, listener) => {
      if (kind === "error") errorListeners.push(listener);
      else pagePort.onmessage = (event: MessageEvent<unknown>): void => listener({ data: event.data });
    },
    crash: (message) => {
      for (const listener of errorListeners) listener({ message });
    },
    isTerminated: () => isTerminated,
  };
}
