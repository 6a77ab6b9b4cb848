import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import { createDeferred } from "../link/deferred.ts";
import { retryDelayMs } from "../link/retry.ts";
import { realTimers } from "../link/timers.ts";
import { accept, gathered, join, leave, type Joined, type JoinOptions } from "./http-join.ts";
import { toIceFragment, withIceFragment } from "./ice-fragment.ts";
import { checkWebRtc } from "./sending.ts";

/** A path that does not come, or come back, by itself within this is looked for anew, ms. */
const patienceMs = 3000;

/** How a connection to an endpoint stands; `why` is empty when connected. */
export type HttpConnectionState = {
  readonly state: "connecting" | "connected" | "lost";
  readonly why: string;
};

/** What is connected, and to whom it is told. */
export type HttpConnectionOptions = JoinOptions & {
  /** A new connection stands negotiated: the first, and each that replaces one that was lost. */
  readonly onPeer: (peer: RTCPeerConnection) => void;
  readonly onState: (state: HttpConnectionState) => void;
};

/** A WebRTC connection to a WHIP or WHEP endpoint that is found anew when it is lost. Whoever opened it closes it. */
export type HttpConnection = {
  /** The one that stands now. */
  readonly peer: () => RTCPeerConnection;
  /** Settles once: null when closed as asked, a failure when the server refuses for good. Never rejects. */
  readonly ended: Promise<Failure | null>;
  /** Ends the session at the server too. */
  readonly close: () => void;
};

/** What changes while a connection is kept. */
type Line = {
  readonly options: HttpConnectionOptions;
  readonly closing: AbortController;
  readonly end: (failure: Failure | null) => void;
  joined: Joined;
  /** Attempts since it was connected last. */
  attempt: number;
  cancel: () => void;
};

/** Opens a session at the endpoint. Resolves once offer and answer are exchanged; abort rejects with `signal.reason`. */
export async function openHttpConnection(
  options: HttpConnectionOptions,
  signal: AbortSignal,
): Promise<Result<HttpConnection>> {
  signal.throwIfAborted();
  const unable = checkWebRtc();
  if (unable !== null) return fail(unable);
  const joined = await join(options, signal);
  if (!joined.ok) return joined;
  const ended = createDeferred<Failure | null>();
  const line: Line = {
    options,
    closing: new AbortController(),
    end: ended.settle,
    joined: joined.value,
    attempt: 0,
    cancel: () => undefined,
  };
  watch(line);
  const close = (): void => {
    line.cancel();
    removeEventListener("pagehide", close);
    line.closing.abort(new Error("the connection was closed"));
    leave(line.joined);
    ended.settle(null);
  };
  // A session that its page left without a word would hold its stream until the server misses it.
  addEventListener("pagehide", close);
  return succeed({ peer: () => line.joined.peer, ended: ended.promise, close });
}

/** Tells of a new connection, and watches over its path. */
function watch(line: Line): void {
  const { joined, options } = line;
  const { peer } = joined;
  options.onPeer(peer);
  const comeBackAfter = (waitMs: number): void => {
    line.cancel();
    line.cancel = realTimers.after(waitMs, () => void comeBack(line));
  };
  const look = (): void => {
    if (line.joined !== joined) return;
    const { connectionState } = peer;
    if (connectionState === "connected") {
      line.cancel();
      line.attempt = 0;
      options.onState({ state: "connected", why: "" });
    }
    if (connectionState === "disconnected" || connectionState === "failed") {
      options.onState({ state: "lost", why: `the path to the server is ${connectionState}` });
      comeBackAfter(connectionState === "failed" ? 0 : patienceMs);
    }
  };
  peer.addEventListener("connectionstatechange", look);
  // Where no path is found at all, ICE servers that the endpoint named may help.
  comeBackAfter(2 * patienceMs);
  look();
}

/** By restarting ICE where the server allows it, by a new session where not; after a growing, bounded wait. */
async function comeBack(line: Line): Promise<void> {
  const { options, closing, joined } = line;
  options.onState({ state: "connecting", why: "finding a path to the server anew" });
  try {
    line.attempt += 1;
    if (line.attempt === 1 && (await restartIce(joined, options, closing.signal))) {
      line.cancel = realTimers.after(patienceMs, () => void comeBack(line));
      return;
    }
    leave(joined);
    const next = await join(options, closing.signal);
    closing.signal.throwIfAborted();
    if (next.ok) {
      line.joined = next.value;
      watch(line);
      return;
    }
    if (next.failure.kind === "denied") {
      line.end(next.failure);
      return;
    }
    options.onState({ state: "lost", why: next.failure.cause ?? next.failure.next });
    const waitMs = retryDelayMs(line.attempt, Math.random());
    line.cancel = realTimers.after(waitMs, () => void comeBack(line));
  } catch (error) {
    if (!closing.signal.aborted) throw error;
  }
}

async function restartIce(
  { peer, session }: Joined,
  options: HttpConnectionOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const { type, sdp: answer } = peer.remoteDescription ?? {};
  if (type !== "answer" || answer === undefined || peer.connectionState === "closed") return false;
  await peer.setLocalDescription(await peer.createOffer({ iceRestart: true }));
  await gathered(peer, signal);
  const fragment = await session.restartIce(toIceFragment(peer.localDescription?.sdp ?? ""));
  if (fragment === null) return false;
  return (await accept(peer, options, withIceFragment(answer, fragment))) === null;
}
