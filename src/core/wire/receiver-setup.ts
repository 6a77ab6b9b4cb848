import * as v from "valibot";

import { fail, succeed, type Failure, type Result } from "../failure.ts";
import { flag, showFlag, whole } from "./query-parts.ts";
import { readQuery, writeQuery, type QueryField } from "./query.ts";
import { readJoinCode } from "./signalling.ts";

/** Everything that configures a receiver (`/receiver?join=CODE&start=1`). */
export type ReceiverSetup = {
  /** Join code of a room as it goes on the wire (8 characters, no dash); empty when none is given yet. */
  readonly join: string;
  /** Target of the jitter buffer asked of the browser, ms, 0 to 4000; null leaves it to the browser. */
  readonly bufferMs: number | null;
  /** Use relayed (TURN) connections only. */
  readonly relay: boolean;
  /** Read the marker of every frame; false displays alone, which shows what reading costs. */
  readonly read: boolean;
  /** Chart window, minutes. */
  readonly windowMin: 1 | 5 | 30;
  /** Begin without a click. */
  readonly start: boolean;
};

/** What a receiver does when its URL says nothing. */
export const receiverDefaults: ReceiverSetup = {
  join: "",
  bufferMs: null,
  relay: false,
  read: true,
  windowMin: 1,
  start: false,
};

const joinCode = v.pipe(
  v.string(),
  v.maxLength(32),
  v.transform((typed) => (typed === "" ? "" : readJoinCode(typed))),
  v.string(),
);

const windowMinutes = { "1": 1, "5": 5, "30": 30 } as const;

/** The receiver's query keys, in the order they are written; documentation lists them from here. */
export const receiverKeys: readonly QueryField<ReceiverSetup>[] = [
  {
    key: "join",
    help: "join code as the sender shows it, e.g. 7K3M-Q9TD",
    schema: v.pipe(
      joinCode,
      v.transform((join) => ({ join })),
    ),
    show: (setup) => setup.join,
  },
  {
    key: "buffer",
    help: "jitter buffer asked of the browser, 0 to 4000 ms, or auto to leave it to the browser",
    schema: v.union([
      v.pipe(
        v.literal("auto"),
        v.transform(() => ({ bufferMs: null })),
      ),
      v.pipe(
        whole(0, 4000),
        v.transform((bufferMs) => ({ bufferMs })),
      ),
    ]),
    show: (setup) => (setup.bufferMs === null ? "auto" : String(setup.bufferMs)),
  },
  {
    key: "relay",
    help: "1 uses relayed (TURN) connections only",
    schema: v.pipe(
      flag,
      v.transform((relay) => ({ relay })),
    ),
    show: (setup) => showFlag(setup.relay),
  },
  {
    key: "read",
    help: "0 leaves the markers unread, and no latency is known: shows what reading costs",
    schema: v.pipe(
      flag,
      v.transform((read) => ({ read })),
    ),
    show: (setup) => showFlag(setup.read),
  },
  {
    key: "window",
    help: "minutes shown in the charts: 1, 5 or 30",
    schema: v.pipe(
      v.picklist(["1", "5", "30"]),
      v.transform((text) => ({ windowMin: windowMinutes[text] })),
    ),
    show: (setup) => String(setup.windowMin),
  },
  {
    key: "start",
    help: "1 begins without a click",
    schema: v.pipe(
      flag,
      v.transform((start) => ({ start })),
    ),
    show: (setup) => showFlag(setup.start),
  },
];

/** Reads a receiver's query text (with or without the `?`); refuses an unknown, repeated or bad key by its name. */
export function readReceiverSetup(query: string): Result<ReceiverSetup> {
  return readQuery(receiverKeys, receiverDefaults, query);
}

/** Query text that reproduces a setup: every key that differs from what stands by default. */
export function writeReceiverSetup(setup: ReceiverSetup): string {
  return writeQuery(receiverKeys, receiverDefaults, setup);
}

/** A setup with some fields given by a script, checked like a URL is. A join code may be given as people write it. */
export function completeReceiverSetup(
  base: ReceiverSetup,
  given: Partial<ReceiverSetup>,
): Result<ReceiverSetup> {
  return readReceiverSetup(writeReceiverSetup({ ...base, ...given }));
}

/** Reads a join code typed by a person, with words of its own when it is none. */
export function checkJoinCode(typed: string): Result<string> {
  const join = readJoinCode(typed);
  return join === null ? fail(notAJoinCode(typed)) : succeed(join);
}

function notAJoinCode(typed: string): Failure {
  return {
    kind: "refused-input",
    what: "reading the join code",
    where: typed === "" ? "join code (empty)" : `join code "${typed.slice(0, 32)}"`,
    next: "Type the 8 letters and digits that the sender shows, such as 7K3M-Q9TD.",
  };
}
