import type { SenderAutomation } from "../../core/wire/automation.ts";
import type { Sender } from "./sender-store.ts";

/** `window.streamgauge` of a sender tab. A sender has no stream events of its own: its list is empty. */
export function createSenderAutomation(sender: Sender, ready: Promise<void>): SenderAutomation {
  return {
    version: 1,
    role: "sender",
    ready: () => ready,
    start: (setup) => sender.start(setup),
    stop: async () => sender.stop(),
    snapshot: () => sender.store.getState().doing,
    events: () => [],
  };
}
