import { fail, type Failure, type Result } from "../../core/failure.ts";
import type { JobAnswer, JobCall, JobShapes } from "./call.protocol.ts";

/** What a caller needs of a worker; `Worker` has it. */
export type JobWorker = {
  readonly postMessage: (message: unknown, transfer: Transferable[]) => void;
  readonly terminate: () => void;
  readonly addEventListener: (
    kind: "message" | "error",
    listener: (event: { readonly data?: unknown; readonly message?: string }) => void,
  ) => void;
};

/** How one call is made. */
export type CallOptions = {
  /** Abort rejects the call with `signal.reason`; a call that runs takes its worker with it. */
  readonly signal?: AbortSignal;
  /** Given away with the request. */
  readonly transfer?: readonly Transferable[];
};

/** Calls the jobs of a worker, one after the other. Whoever made it closes it. */
export type Caller<Jobs extends JobShapes> = {
  /**
   * Resolves with the worker's own result, or with a failure of kind `ended-early` when the worker crashed; the next call then
   * starts another. Calling after `close` throws.
   */
  readonly call: <Name extends keyof Jobs & string>(
    name: Name,
    request: Jobs[Name]["request"],
    options?: CallOptions,
  ) => Promise<Result<Jobs[Name]["answer"]>>;
  readonly close: () => void;
};

/** What a caller is made of. */
export type CallerOptions = {
  /** Starts a worker; called before the first call and after each crash or abort. */
  readonly start: () => JobWorker;
  /** What the worker is for, in the user's words: "scoring the segment". */
  readonly what: string;
};

type Pending = {
  readonly callId: number;
  readonly settle: (result: Result<unknown>) => void;
};

function endedEarly(what: string, cause: string): Failure {
  return {
    kind: "ended-early",
    what,
    where: "a worker of this page",
    next: "Try again; if it keeps failing, reload the page.",
    cause: cause === "" ? "the worker ended without a word" : cause,
  };
}

/** One worker at a time with at most one call in it. */
type Runner = {
  readonly run: (name: string, request: unknown, call: CallOptions) => Promise<Result<unknown>>;
  /** Ends the worker; a call that runs is settled with a failure. */
  readonly end: (cause: string) => void;
};

function createRunner({ start, what }: CallerOptions): Runner {
  let worker: JobWorker | null = null;
  let pending: Pending | null = null;
  let callCount = 0;

  function end(cause: string): void {
    const lost = pending;
    pending = null;
    worker?.terminate();
    worker = null;
    lost?.settle(fail(endedEarly(what, cause)));
  }

  function running(): JobWorker {
    if (worker !== null) return worker;
    const started = start();
    worker = started;
    started.addEventListener("message", (event) => {
      const answer = event.data as JobAnswer;
      if (pending === null || pending.callId !== answer.callId) return;
      const { settle } = pending;
      pending = null;
      settle(answer.result);
    });
    started.addEventListener("error", (event) => {
      if (worker === started) end(event.message ?? "");
    });
    return started;
  }

  function onAbort(): void {
    end("it was aborted");
  }

  async function run(name: string, request: unknown, call: CallOptions): Promise<Result<unknown>> {
    const { signal } = call;
    signal?.throwIfAborted();
    callCount += 1;
    const message: JobCall = { callId: callCount, name, request };
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      const result = await new Promise<Result<unknown>>((resolve) => {
        pending = { callId: message.callId, settle: resolve };
        running().postMessage(message, [...(call.transfer ?? [])]);
      });
      signal?.throwIfAborted();
      return result;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  return { run, end };
}

/** Makes a caller; its worker starts with the first call. */
export function createCaller<Jobs extends JobShapes>(options: CallerOptions): Caller<Jobs> {
  const runner = createRunner(options);
  let queue: Promise<unknown> = Promise.resolve();
  let isClosed = false;
  return {
    call: (name, request, call = {}) => {
      if (isClosed) throw new Error(`${options.what}: called after close`);
      const result = queue.then(() =>
        isClosed ? fail(endedEarly(options.what, "it was closed")) : runner.run(name, request, call),
      );
      // The next call waits for this one, however it ends; its own caller hears of the end.
      queue = result.catch(() => null);
      return result;
    },
    close: () => {
      isClosed = true;
      runner.end("it was closed");
    },
  };
}
