import type { ReceiverAutomation, ReceiverSnapshot } from "../../core/wire/automation.ts";
import type { LineupEntry } from "./lineup-entry.ts";
import type { Lineup } from "./lineup.ts";

/** `window.streamgauge` of a receiver tab. */
export function createReceiverAutomation(lineup: Lineup): ReceiverAutomation {
  const first = (): LineupEntry["receiver"] => {
    const [entry] = lineup.store.getState().entries;
    if (entry === undefined) throw new Error("a line-up is never empty");
    return entry.receiver;
  };
  return {
    version: 1,
    role: "receiver",
    ready: async () => undefined,
    start: (setup) => lineup.start(setup),
    stop: async () => lineup.stop(),
    snapshot: (): ReceiverSnapshot => first().snapshot(),
    observations: async ({ since = 0, stream = 1 } = {}) =>
      lineup.store.getState().entries[stream - 1]?.receiver.session()?.observations(since) ?? [],
    events: () => first().session()?.events() ?? [],
    reset: async () => lineup.reset(),
    scoredFrames: () => first().session()?.scoredFrames() ?? [],
    streams: lineup.report,
  };
}
