import { claimRoomKeys, pageLocks, type RoomKeys } from "./room-key.ts";
import { realTimers } from "./timers.ts";

let claimed: Promise<RoomKeys> | null = null;

/** The memory that this page's sender has of its room, the same at every call. */
export function roomKeysOfPage(): Promise<RoomKeys> {
  // Absent on pages that are not secure, whatever the types say.
  const { locks } = navigator as { readonly locks?: LockManager };
  claimed ??= claimRoomKeys({
    tab: sessionStorage,
    browser: localStorage,
    takeLock: pageLocks(locks),
    timers: realTimers,
    epochMs: () => Date.now(),
  });
  return claimed;
}

/** Lets the next room of this page have another code; an open one goes on with its own. */
export async function forgetRoom(): Promise<void> {
  (await roomKeysOfPage()).forget();
}
