import type { ReceiverAutomation } from "../../core/wire/automation.ts";
import type { Receiver } from "./receiver-store.ts";

/** `window.streamgauge` of a receiver tab. */
export function createReceiverAutomation(receiver: Receiver, ready: Promise<void>): ReceiverAutomation {
  return {
    version: 1,
    role: "receiver",
    ready: () => ready,
    start: (setup) => receiver.start(setup),
    stop: async () => receiver.stop(),
    snapshot: receiver.snapshot,
    observations: async (query) => receiver.session()?.observations(query?.since ?? 0) ?? [],
    events: () => receiver.session()?.events() ?? [],
  };
}
