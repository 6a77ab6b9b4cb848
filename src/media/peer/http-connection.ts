import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { IceServer } from "../../core/wire/config.ts";
import { createDeferred } from "../link/deferred.ts";
import { retryDelayMs } from "../link/retry.ts";
import { fetchIceServers } from "../link/room.ts";
import { realTimers } from "../link/timers.ts";
import { openHttpSession, type HttpEndpoint, type HttpSession } from "./http-session.ts";
import { toIceFragment, withIceFragment } from "./ice-fragment.ts";
import { isVideoRefused, withoutStrays } from "./sdp.ts";
import { checkWebRtc } from "./sending.ts";

/** Longest wait for the browser's own candidates before the offer goes out with those there are, ms. */
const gatherMs = 1500;
/** A path that does not come, or come back, by itself within this is looked for anew, ms. */
const patienceMs = 3000;

/** How a connection to an endpoint stands; `why` is empty when connected. */
export type HttpConnectionState = {
  readonly state: "connecting" | "connected" | "lost";
  readonly why: string;
};

/** What is connected, and to whom it is told. */
export type HttpConnectionOptions = HttpEndpoint & {
  /** Use TURN relays alone. */
  readonly relayOnly: boolean;
  /** Adds what is sent or received to a new connection, before its offer is made. */
  readonly prepare: (peer: RTCPeerConnection) => void;
  /** Changes the server's answer before the browser is given it. */
  readonly toAnswer?: (sdp: string) => string;
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

type Joined = { readonly peer: RTCPeerConnection; readonly session: HttpSession };

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

async function join(options: HttpConnectionOptions, signal: AbortSignal): Promise<Result<Joined>> {
  const peer = new RTCPeerConnection(configurationOf(await fetchIceServers(), options));
  try {
    options.prepare(peer);
    await peer.setLocalDescription();
    await gathered(peer, signal);
    const offer = withoutStrays(peer.localDescription?.sdp ?? "");
    const opened = await openHttpSession((url, init) => fetch(url, init), options, offer, signal);
    if (!opened.ok) {
      peer.close();
      return opened;
    }
    const session = opened.value;
    if (isVideoRefused(session.answer)) {
      leave({ peer, session });
      return fail(refusesVideo(options));
    }
    if (session.iceServers.length > 0) peer.setConfiguration(configurationOf(session.iceServers, options));
    trickleTheRest(peer, session);
    const refused = await accept(peer, options, session.answer);
    if (refused === null) return succeed({ peer, session });
    leave({ peer, session });
    return fail(refused);
  } catch (error) {
    peer.close();
    throw error;
  }
}

function configurationOf(
  iceServers: readonly IceServer[],
  { relayOnly }: HttpConnectionOptions,
): RTCConfiguration {
  return {
    iceServers: iceServers.map((server) => Object.assign({}, server, { urls: [...server.urls] })),
    bundlePolicy: "max-bundle",
    iceTransportPolicy: relayOnly ? "relay" : "all",
  };
}

/** Gives the browser the server's answer; what it cannot use is the server's doing. */
async function accept(
  peer: RTCPeerConnection,
  { protocol, shown, toAnswer }: HttpConnectionOptions,
  answer: string,
): Promise<Failure | null> {
  try {
    await peer.setRemoteDescription({ type: "answer", sdp: toAnswer?.(answer) ?? answer });
    return null;
  } catch (error) {
    const next = "This browser cannot use the server's answer: choose another codec, or another browser.";
    return { kind: "unsupported", what: protocol.what, where: shown, next, cause: reason(error) };
  }
}

function gathered(peer: RTCPeerConnection, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      cancel();
      resolve();
    };
    const cancel = realTimers.after(gatherMs, done);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState === "complete") done();
    });
    if (peer.iceGatheringState === "complete") done();
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

/** Candidates that came after the offer went out, in one message, where the server takes them. */
function trickleTheRest(peer: RTCPeerConnection, session: HttpSession): void {
  if (peer.iceGatheringState === "complete") return;
  const look = (): void => {
    if (peer.iceGatheringState !== "complete") return;
    peer.removeEventListener("icegatheringstatechange", look);
    void session.trickle(toIceFragment(peer.localDescription?.sdp ?? ""));
  };
  peer.addEventListener("icegatheringstatechange", look);
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
  const answer = peer.remoteDescription?.sdp;
  if (answer === undefined || peer.connectionState === "closed") return false;
  await peer.setLocalDescription(await peer.createOffer({ iceRestart: true }));
  await gathered(peer, signal);
  const fragment = await session.restartIce(toIceFragment(peer.localDescription?.sdp ?? ""));
  if (fragment === null) return false;
  return (await accept(peer, options, withIceFragment(answer, fragment))) === null;
}

function leave({ peer, session }: Joined): void {
  void session.close();
  peer.close();
}

function refusesVideo({ protocol, shown }: HttpConnectionOptions): Failure {
  const next = "The server takes this video in none of the codecs that were offered: choose another codec.";
  return { kind: "unsupported", what: protocol.what, where: shown, next };
}
