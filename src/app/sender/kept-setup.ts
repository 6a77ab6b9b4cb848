import type { Result } from "../../core/failure.ts";
import {
  readSenderSetup,
  writeSenderLink,
  writeSenderSetup,
  type SenderSetup,
} from "../../core/wire/setup.ts";

/** Memory of this tab alone, which a reload does not clear. */
export type TabMemory = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const linkKey = "streamgauge.sender.link";
const setupKey = "streamgauge.sender.setup";

/**
 * Query text for the page's address: the setup without what may be secret, and without `start` where that leaves something
 * out, so that who is given the address sends nothing to another place than was meant. The whole setup stays with the tab.
 */
export function keepSetup(setup: SenderSetup, memory: TabMemory): string {
  const whole = writeSenderSetup(setup);
  const link = writeSenderLink(setup);
  if (link === whole) {
    memory.removeItem(linkKey);
    memory.removeItem(setupKey);
    return whole;
  }
  const address = writeSenderLink({ ...setup, start: false });
  memory.setItem(linkKey, address);
  memory.setItem(setupKey, whole);
  return address;
}

/** Reads the page's address; on a reload, with what the tab keeps of it. */
export function readKept(query: string, memory: TabMemory): Result<SenderSetup> {
  const address = query.replace(/^\?/, "");
  const kept = memory.getItem(linkKey) === address ? memory.getItem(setupKey) : null;
  return readSenderSetup(kept ?? address);
}
