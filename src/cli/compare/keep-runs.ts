import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

import { createNewComplaints } from "../../server/store/complaints.ts";
import type { KeeperState } from "../../server/store/keeper.ts";
import type { RunStore } from "../../server/store/store.ts";
import type { Terminal } from "../command.ts";
import { tellFailure } from "../words.ts";
import type { JournalWriter } from "./journal-writer.ts";

/** Stores the runs of a command, while it measures and at its end. */
export type RunKeeping = {
  /** Stores what is measured by now, for between two runs: what takes long goes on by itself. */
  readonly between: () => Promise<void>;
  /** Stores the rest, once the journal is closed; false where runs of this command were refused and never will be stored. */
  readonly finish: () => Promise<boolean>;
};

/** How long the next run waits for what was measured to be stored, ms. */
const maxWaitMs = 20_000;

/**
 * When runs are stored. An embedded database is one process's alone, so that nobody would see them sooner than at the end, and
 * a server that has it reads the journal itself.
 */
export type KeepWhen = "never" | "at the end" | "after each";

/** Keeps the runs of one journal. */
export function createRunKeeping(
  store: RunStore,
  journal: Pick<JournalWriter, "path" | "flush">,
  terminal: Terminal,
  when: KeepWhen,
): RunKeeping {
  const newComplaints = createNewComplaints(store.journalDirectory);
  let isTold = false;
  const takeUp = async (): Promise<KeeperState> => {
    const state = await store.keeper.takeUp();
    for (const complaint of newComplaints(state)) terminal.complain(complaint);
    return state;
  };
  const takeUpBetween = async (): Promise<void> => {
    await journal.flush();
    const { failure } = await takeUp();
    // Once, however many runs follow.
    if (failure !== null && !isTold)
      terminal.complain(
        `${tellFailure(failure)}\n  The runs are safe on disk; storing them is tried again after each.`,
      );
    if (failure === null && isTold) terminal.complain("The runs are stored again.");
    isTold = failure !== null;
  };
  return {
    between: () => (when === "after each" ? withinMs(takeUpBetween(), maxWaitMs) : Promise.resolve()),
    finish: async () => {
      if (when === "never") return true;
      const { failure } = await takeUp();
      if (failure !== null) {
        terminal.complain(tellFailure(failure));
        terminal.complain("The runs are safe on disk and are stored when the store is opened next.");
      }
      return !existsSync(`${journal.path}.broken`);
    },
  };
}

async function withinMs(work: Promise<void>, limitMs: number): Promise<void> {
  const waiting = new AbortController();
  const late = wait(limitMs, null, { signal: waiting.signal }).catch(() => undefined);
  try {
    await Promise.race([work, late]);
  } finally {
    waiting.abort();
  }
}
