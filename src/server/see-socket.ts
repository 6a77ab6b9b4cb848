import type { WebSocket } from "ws";

import type { ServerClock } from "./clock.ts";
import { faultWords, type Log } from "./see-through.ts";

/** Makes of a listener one that never throws. */
export type Guard = <Given extends readonly unknown[]>(
  listener: (...given: Given) => void,
) => (...given: Given) => void;

function tell(log: Log, where: string, error: unknown): void {
  log(`Serving ${where} failed: ${faultWords(error)}`);
}

/**
 * Makes the guard of one connection. What its listeners throw is a fault of this server: it is logged and ends that connection
 * (RFC 6455 section 7.4.1, 1011), whose page comes back by itself; never the process, in which streams of others are measured.
 * @param where what is served, for the log
 */
export function createGuard(socket: Pick<WebSocket, "close">, where: string, log: Log): Guard {
  return (listener) =>
    (...given) => {
      try {
        listener(...given);
      } catch (error) {
        tell(log, where, error);
        socket.close(1011, "a fault of the server");
      }
    };
}

/** A clock whose repeating tasks are logged when they throw, and called again when they are due. */
export function guardTasks(clock: ServerClock, log: Log): ServerClock {
  return {
    ...clock,
    every: (periodMs, task) =>
      clock.every(periodMs, () => {
        try {
          task();
        } catch (error) {
          tell(log, `what is done every ${periodMs} ms`, error);
        }
      }),
  };
}

/** Takes an upgrade over; one that throws loses its connection, which may have been answered already. */
export function seeUpgradeThrough(
  socket: { readonly destroy: () => unknown },
  where: string,
  log: Log,
  upgrade: () => void,
): void {
  try {
    upgrade();
  } catch (error) {
    tell(log, where, error);
    socket.destroy();
  }
}
