import { readFileSync } from "node:fs";
import { hostname } from "node:os";

import * as v from "valibot";

import type { JournalLine } from "../../core/runs/journal.ts";

/** A process, told apart from a later one that got the same number. */
export type Owner = {
  readonly pid: number;
  /** When the process began, in the system's own words; empty where the system does not tell. */
  readonly began: string;
  /** What it was started as, for people. */
  readonly command: string;
};

/** Checks an owner read from a file. */
export const ownerSchema: v.GenericSchema<unknown, Owner> = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  began: v.string(),
  command: v.string(),
});

/** This process. */
export function thisOwner(): Owner {
  const command = process.argv.slice(2, 3).join("") || "node";
  return { pid: process.pid, began: beganOf(process.pid), command };
}

/** The first line of a journal that this process writes. */
export function journalHead(atUs: number): Extract<JournalLine, { readonly kind: "journal" }> {
  const { pid, began } = thisOwner();
  return { kind: "journal", version: 1, pid, host: hostname(), ...(began === "" ? {} : { began }), atUs };
}

/** Whether that very process still runs. */
export function isAlive({ pid, began }: Pick<Owner, "pid" | "began">): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const now = beganOf(pid);
  return began === "" || now === "" || now === began;
}

/** Boot and start time as Linux tells them (proc(5): `stat` field 22). */
function beganOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in brackets may hold anything, blanks and brackets too.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    return fields[0] === "Z" ? "dead" : `${bootId}:${fields[19] ?? ""}`;
  } catch {
    // No /proc: the number alone has to do.
    return "";
  }
}
