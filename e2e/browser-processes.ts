import { readdirSync, readFileSync } from "node:fs";

/** A process on this machine (Linux), by what `/proc` tells. */
export type Process = { readonly id: number; readonly groupId: number; readonly commandLine: string };

/** What stands in a file of a process; empty where it has ended, or is another user's. */
function read(id: number, name: string): string {
  try {
    return readFileSync(`/proc/${id}/${name}`, "utf8");
  } catch {
    return "";
  }
}

function allProcesses(): readonly Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .map((name) => {
      const id = Number(name);
      // After the name in brackets: state, parent, group (man 5 proc).
      const [, , groupId] = read(id, "stat")
        .replace(/^.*\) /su, "")
        .split(" ");
      return { id, groupId: Number(groupId), commandLine: read(id, "cmdline").replaceAll("\0", " ") };
    });
}

/**
 * Groups of browsers that were started with this text in their environment: each is the leader of its own, and its pages' processes,
 * which show no environment, are in it.
 */
export function browserGroups(text: string): readonly number[] {
  return allProcesses()
    .filter(({ id, groupId }) => id === groupId && read(id, "environ").includes(text))
    .map(({ groupId }) => groupId);
}

/** Processes of some groups that still run, or stand still. */
export function processesIn(groups: readonly number[]): readonly Process[] {
  return allProcesses().filter(
    ({ id, groupId }) => groups.includes(groupId) && !/\) Z/u.test(read(id, "stat")),
  );
}

/** Kills browsers without a warning: the leaders of their groups. */
export function killBrowsers(groups: readonly number[]): void {
  if (groups.length === 0) throw new Error("no browser runs");
  for (const id of groups) process.kill(id, "SIGKILL");
}

/** Has all pages of some browsers answer nothing any more, as one in an endless loop does. */
export function hangPages(groups: readonly number[]): void {
  const pages = processesIn(groups).filter(({ commandLine }) => commandLine.includes("--type=renderer"));
  if (pages.length === 0) throw new Error("no page is open");
  for (const { id } of pages) process.kill(id, "SIGSTOP");
}
