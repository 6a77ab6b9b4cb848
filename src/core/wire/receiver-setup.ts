import * as v from "valibot";

import { fail, succeed, type Failure, type Result } from "../failure.ts";
import { flagField, whole, wholeField } from "./query-parts.ts";
import { readQuery, writeQuery, type QueryField } from "./query.ts";
import { readJoinCode } from "./signalling.ts";
import { maxStreamCount, readSource, sourceKinds, type SourceKind } from "./source.ts";

/** Everything that configures a receiver (`/receiver?join=CODE&start=1`). */
export type ReceiverSetup = {
  /** Join code of a room as it goes on the wire (8 characters, no dash); empty when none is given yet. */
  readonly join: string;
  /** Addresses of further streams as they are played: http(s), `screen:`, `camera:`, or `blob:` for a file of this page. At most 6 streams in all. */
  readonly urls: readonly string[];
  /** How to play the address of the same place; `auto` finds out. */
  readonly kinds: readonly SourceKind[];
  /** Which stream is the control, from 1: the joined one comes first, then the addresses in order. */
  readonly control: number;
  /** Distance from the live edge asked of HLS and DASH players, s, 0.1 to 60; null leaves it to the stream. */
  readonly syncS: number | null;
  /** Bearer token for WHEP; empty for none. It stands in no link that the page makes. */
  readonly token: string;
  /** Target of the jitter buffer asked of the browser, ms, 0 to 4000; null leaves it to the browser. */
  readonly bufferMs: number | null;
  /** Use relayed (TURN) connections only. */
  readonly relay: boolean;
  /** Read the marker of every frame; false displays alone, which shows what reading costs. */
  readonly read: boolean;
  /** Chart window, minutes. */
  readonly windowMin: 1 | 5 | 30;
  /** How far back what is received can be kept after the event, s, 0 to 1800; 0 keeps only what is recorded. */
  readonly ringS: number;
  /** What of received streams may be kept on this device, MB, 1 to 100000. */
  readonly keepMb: number;
  /** Part of one core that live scoring may take, percent, 0 to 100; 0 scores nothing, 100 spares no latency. */
  readonly scoringPct: number;
  /** Begin without a click. */
  readonly start: boolean;
};

/** What a receiver does when its URL says nothing. */
export const receiverDefaults: ReceiverSetup = {
  join: "",
  urls: [],
  kinds: [],
  control: 1,
  syncS: null,
  token: "",
  bufferMs: null,
  relay: false,
  read: true,
  windowMin: 1,
  ringS: 120,
  keepMb: 512,
  scoringPct: 25,
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
    key: "url",
    help: "address of a stream to measure (http, https, screen: or camera:); may be given several times, 6 streams in all",
    isRepeated: true,
    schema: v.pipe(
      v.string(),
      v.transform((lines) => lines.split("\n")),
      v.maxLength(maxStreamCount),
      v.everyItem((text) => readSource(text).ok),
      v.transform((urls) => ({ urls })),
    ),
    show: (setup) => setup.urls.join("\n"),
  },
  {
    key: "kind",
    help: `how to play the url of the same place: ${sourceKinds.join(", ")}; may be given several times`,
    isRepeated: true,
    schema: v.pipe(
      v.string(),
      v.transform((lines) => lines.split("\n")),
      v.maxLength(maxStreamCount),
      v.array(v.picklist(sourceKinds)),
      v.transform((kinds) => ({ kinds })),
    ),
    show: (setup) => setup.kinds.join("\n"),
  },
  wholeField(
    "control",
    "control",
    [1, maxStreamCount],
    "number of the stream that the others are compared with, 1 to 6: the joined one first, then the urls in order",
  ),
  {
    key: "sync",
    help: "distance from the live edge asked of HLS and DASH and held, 0.1 to 60 seconds, or auto to follow the stream",
    schema: v.union([
      v.pipe(
        v.literal("auto"),
        v.transform(() => ({ syncS: null })),
      ),
      v.pipe(
        v.string(),
        v.regex(/^\d{1,2}(?:\.\d{1,3})?$/),
        v.transform(Number),
        v.minValue(0.1),
        v.maxValue(60),
        v.transform((syncS) => ({ syncS })),
      ),
    ]),
    show: (setup) => (setup.syncS === null ? "auto" : String(setup.syncS)),
  },
  {
    key: "token",
    help: "bearer token for WHEP, up to 2000 printable characters; the page puts it in no link",
    schema: v.pipe(
      v.string(),
      v.regex(/^[\u0021-\u007e]{0,2000}$/),
      v.transform((token) => ({ token })),
    ),
    show: (setup) => setup.token,
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
  flagField("relay", "relay", "1 uses relayed (TURN) connections only"),
  flagField("read", "read", "0 leaves the markers unread, and no latency is known: shows what reading costs"),
  {
    key: "window",
    help: "minutes shown in the charts: 1, 5 or 30",
    schema: v.pipe(
      v.picklist(["1", "5", "30"]),
      v.transform((text) => ({ windowMin: windowMinutes[text] })),
    ),
    show: (setup) => String(setup.windowMin),
  },
  wholeField(
    "ring",
    "ringS",
    [0, 1800],
    "how far back what is received can be kept after the event, 0 to 1800 seconds",
  ),
  wholeField(
    "keep",
    "keepMb",
    [1, 100_000],
    "what of received streams may be kept on this device, 1 to 100000 MB",
  ),
  wholeField(
    "scoring",
    "scoringPct",
    [0, 100],
    "part of one core that live scoring may take, 0 to 100 percent; 0 scores nothing, 100 does not hold back where latency rises",
  ),
  flagField("start", "start", "1 begins without a click"),
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
