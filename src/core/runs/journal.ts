import type { StreamEvent } from "../timeline/event.ts";
import type { Snapshot } from "../timeline/snapshot.ts";
import type { Comparison, RunEnd, RunHead } from "./run.ts";

/**
 * One line of a journal: a JSON object ended by a line feed. A journal is written by one command alone, line after line,
 * each on disk within 2 s; a command that is killed leaves at most its last line torn. See README.md beside this file.
 */
export type JournalLine =
  /** First line of every journal. */
  | {
      readonly kind: "journal";
      readonly version: 1;
      readonly pid: number;
      readonly host: string;
      /** When the writer began, in its system's own words: process numbers come again. Absent where the system does not tell. */
      readonly began?: string;
      readonly atUs: number;
    }
  /** Stands before the first run of it. */
  | { readonly kind: "comparison"; readonly comparison: Comparison }
  | { readonly kind: "begin"; readonly run: RunHead }
  /** `rows`: base64 of rows as core/timeline's `writeRow` makes them; `firstIndex` counts from 0 when measuring began. */
  | {
      readonly kind: "observations";
      readonly runId: string;
      readonly stream: number;
      readonly firstIndex: number;
      readonly rows: string;
    }
  /** State of a stream now; the last one of a stream stands in for its result when its run has no end. */
  | {
      readonly kind: "snapshot";
      readonly runId: string;
      readonly stream: number;
      readonly snapshot: Snapshot;
      readonly events: readonly StreamEvent[];
    }
  /** Last line of a run. A run without it was killed: it is `cut`, whatever else stands. */
  | { readonly kind: "end"; readonly runId: string; readonly end: RunEnd }
  /** Last line of a journal whose command has ended by itself. */
  | { readonly kind: "closed"; readonly atUs: number };
