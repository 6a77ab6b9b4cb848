import type { KeeperState } from "./keeper.ts";

/** Gives what a keeper complains of that was not given before, in words for people. */
export type NewComplaints = (state: KeeperState) => readonly string[];

/** Makes one for the keeper of a directory. */
export function createNewComplaints(journalDirectory: string): NewComplaints {
  let toldCount = 0;
  return ({ complaints, complaintCount }) => {
    const newCount = Math.min(complaintCount - toldCount, complaints.length);
    toldCount = complaintCount;
    if (newCount <= 0) return [];
    return complaints
      .slice(-newCount)
      .map(
        (complaint) =>
          `Not all of a journal could be stored: ${complaint}\n  It is kept in ${journalDirectory} under that name and ".broken"; nothing reads it again by itself.`,
      );
  };
}
