import type { Failure } from "../../../core/failure.ts";
import { retryDelayMs } from "../../link/retry.ts";
import { waitFor, type Timers } from "../../link/timers.ts";
import type { CommitTrouble } from "./commits.ts";
import type { Destination } from "./destination.ts";
import type { Publisher } from "./publisher.ts";
import type { Uploader } from "./upload.ts";

/** What a recovery needs. */
export type RecoverOptions = {
  readonly publisher: Publisher;
  readonly uploader: Uploader;
  readonly destination: Pick<Destination, "renew">;
  readonly timers: Timers;
  /** 0 to below 1. */
  readonly random: () => number;
  /** Nothing gets through, and why; tried again by itself. */
  readonly onStuck: (failure: Failure) => void;
  readonly signal: AbortSignal;
};

/**
 * Waits until the server takes files again, asking with back-off, and has the publisher go on. Resolves to null then, or to
 * the failure that no waiting mends. Abort rejects with the signal's reason.
 */
export async function recover(options: RecoverOptions, first: CommitTrouble): Promise<Failure | null> {
  const { publisher, signal } = options;
  publisher.suspend();
  let trouble = first;
  for (let attempt = 0; trouble.kind !== "refused"; attempt += 1) {
    options.onStuck(trouble.failure);
    await waitFor(options.timers, retryDelayMs(attempt, options.random()), signal);
    const next = await tryAgain(options, trouble);
    signal.throwIfAborted();
    if (next === "back" || next === "empty") {
      publisher.resume(next === "back");
      return null;
    }
    trouble = next;
  }
  return trouble.failure;
}

async function tryAgain(
  { publisher, uploader, destination, signal }: RecoverOptions,
  trouble: CommitTrouble,
): Promise<CommitTrouble | "back" | "empty"> {
  if (trouble.kind === "gone") {
    const renewed = await destination.renew(signal);
    return renewed.ok ? "empty" : { kind: "gone", failure: renewed.failure };
  }
  const probe = publisher.probe();
  if (probe === null) return "empty";
  const outcome = await uploader.put(probe, signal);
  return outcome.kind === "put" ? "back" : outcome;
}
