import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { IceServer } from "../../core/wire/config.ts";
import type { FromServer } from "../../core/wire/signalling.ts";
import { fetchConfig } from "./config.ts";
import { createDeferred } from "./deferred.ts";
import { openSignalling, type RoomRole, type Signalling, type SignallingState } from "./signalling.ts";
import { realTimers } from "./timers.ts";
import { webSocketWire } from "./wire.ts";

/** How long the first entry into a room may take before it is called a failure, ms. */
export const entryPatienceMs = 15_000;

/** What a page does in its room. */
export type RoomHandlers = {
  readonly onState: (state: SignallingState) => void;
  readonly onMessage: (message: FromServer) => void;
};

/** Opens the signalling link of this page to the server it came from. */
export function openRoom(role: RoomRole, handlers: RoomHandlers): Signalling {
  const address = new URL("/ws/signal", location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return openSignalling({
    role,
    connect: webSocketWire(address.href, WebSocket),
    timers: realTimers,
    random: () => Math.random(),
    whenOnline: (call) => {
      addEventListener("online", call);
      return () => removeEventListener("online", call);
    },
    ...handlers,
  });
}

/** ICE servers as the server of this page tells them now; none where it tells none. */
export async function fetchIceServers(): Promise<readonly IceServer[]> {
  const { config } = await fetchConfig("/api/config", (url, init) => fetch(url, init));
  return config.iceServers;
}

/** Waits for the first entry into a room. */
export type FirstEntry = {
  readonly take: (state: SignallingState) => void;
  /** Settles with the first entry, the refusal of it or the end of patience; rejects with the signal's reason on abort. */
  readonly done: Promise<Result<null>>;
};

/** Begins to wait. */
export function awaitEntry(signal: AbortSignal): FirstEntry {
  const entry = createDeferred<Result<null>>();
  let last = unreachableServer("no answer");
  realTimers.after(entryPatienceMs, () => entry.settle(fail(last)));
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  return {
    done: Promise.race([entry.promise, aborted]),
    take: (state) => {
      if (state.state === "in-room") entry.settle(succeed(null));
      else if (state.state === "refused") entry.settle(fail(state.failure));
      else if (state.state === "away") last = state.refusal ?? unreachableServer(state.why);
    },
  };
}

function unreachableServer(why: string): Failure {
  return {
    kind: "unreachable",
    what: "The signalling server cannot be reached",
    where: new URL("/ws/signal", location.href).href,
    next: "Check that the server is running and that this device can reach it, then try again.",
    cause: why,
  };
}

/** Unguessable bytes, for the ids of sessions and receivers. */
export function randomBytes(byteCount: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(byteCount));
}
