import type { Log } from "../see-through.ts";
import type { NewComplaints } from "../store/complaints.ts";
import type { KeeperState } from "../store/keeper.ts";

/**
 * Logs how keeping stands where that has changed: why nothing can be stored, that it can be again, and each complaint once.
 * @returns to be told the state after each round
 */
export function createTelling(log: Log, newComplaints: NewComplaints): (state: KeeperState) => void {
  let told = "";
  return (state) => {
    for (const complaint of newComplaints(state)) log(complaint);
    const { failure } = state;
    // Not the machine's own words: those may change with every try.
    const words = failure === null ? "" : `${failure.what} failed: ${failure.where}`;
    if (words === told) return;
    told = words;
    if (failure === null) log("Runs are stored again.");
    else log(`${words}${failure.cause === undefined ? "" : ` (${failure.cause})`}\n  ${failure.next}`);
  };
}
