import type { ServerResponse } from "node:http";

import { removeFile, type Hold, type Store, type Stream } from "./store.ts";

/** Whether one more request of a stream may wait. */
export function canHold(store: Store, stream: Stream): boolean {
  const { maxHoldCount, maxStreamHoldCount } = store.limits;
  return store.holdCount < maxHoldCount && stream.holdCount < maxStreamHoldCount;
}

/** Lets a request wait for a file. Whoever hangs up waits no more. */
export function addHold(
  store: Store,
  stream: Stream,
  key: string,
  hold: Hold,
  response: ServerResponse,
): void {
  const holds = stream.holds.get(key) ?? new Set();
  stream.holds.set(key, holds.add(hold));
  stream.holdCount += 1;
  store.holdCount += 1;
  response.once("close", () => removeHold(store, stream, key, hold));
}

/** Answers those that wait for a file and can be answered now. */
export function wakeHolds(store: Store, stream: Stream, key: string): void {
  for (const hold of stream.holds.get(key) ?? []) {
    if (hold.wake()) removeHold(store, stream, key, hold);
  }
}

/** Gives up on those that have waited too long. */
export function expireHolds(store: Store, stream: Stream, nowMs: number): void {
  for (const [key, holds] of stream.holds) {
    for (const hold of holds) {
      if (hold.untilMs > nowMs) continue;
      removeHold(store, stream, key, hold);
      hold.giveUp();
    }
  }
}

function removeHold(store: Store, stream: Stream, key: string, hold: Hold): void {
  const holds = stream.holds.get(key);
  if (holds?.delete(hold) !== true) return;
  if (holds.size === 0) stream.holds.delete(key);
  stream.holdCount -= 1;
  store.holdCount -= 1;
}

/** Forgets a stream: uploads are broken off and whoever waits is answered. */
export function dropStream(store: Store, stream: Stream): void {
  store.streams.delete(stream.id);
  for (const abort of stream.uploads.values()) abort();
  for (const key of stream.files.keys()) removeFile(store, stream, key);
  for (const key of stream.holds.keys()) wakeHolds(store, stream, key);
}
