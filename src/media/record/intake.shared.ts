import type { StoredItem } from "../../core/record/item.ts";
import type { Intake, IntakeNews } from "./keep.protocol.ts";

/** Bytes that may be under way to the disk; what comes beyond is let go, and said so. */
export const mostUnderWayBytes: number = 64 * 1024 * 1024;

/** A port as it is needed here. */
export type IntakePort = {
  readonly postMessage: (message: Intake, transfer: Transferable[]) => void;
  onmessage: ((event: MessageEvent<IntakeNews>) => void) | null;
};

/** The giving end of the road to the disk. */
export type Giver = {
  /** Hands an item on and gives its bytes away; false when too much is under way already. */
  readonly give: (item: StoredItem, bytes: ArrayBuffer) => boolean;
};

/** Makes a giver over a port; `onKeyWanted` is told when the disk's side waits for a key frame. */
export function createGiver(port: IntakePort, onKeyWanted: () => void): Giver {
  let underWayBytes = 0;
  port.onmessage = ({ data }): void => {
    if (data.kind === "taken") underWayBytes -= data.bytes;
    else onKeyWanted();
  };
  return {
    give: (item, bytes) => {
      if (underWayBytes + bytes.byteLength > mostUnderWayBytes) return false;
      underWayBytes += bytes.byteLength;
      port.postMessage({ item, bytes }, [bytes]);
      return true;
    },
  };
}
