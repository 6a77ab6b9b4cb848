import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { IceServer } from "../../core/wire/config.ts";
import { fetchIceServers } from "../link/room.ts";
import { realTimers } from "../link/timers.ts";
import { openHttpSession, type HttpEndpoint, type HttpSession } from "./http-session.ts";
import { toIceFragment } from "./ice-fragment.ts";
import { isVideoRefused, withoutStrays } from "./sdp.ts";

/** Longest wait for the browser's own candidates before the offer goes out with those there are, ms. */
const gatherMs = 1500;

/** What is negotiated with an endpoint. */
export type JoinOptions = HttpEndpoint & {
  /** Use TURN relays alone. */
  readonly relayOnly: boolean;
  /** Adds what is sent or received to a new connection, before its offer is made. */
  readonly prepare: (peer: RTCPeerConnection) => void;
  /** Takes up what a server that makes the offer itself offers, before it is answered; absent: no protocol where servers do. */
  readonly prepareAnswer?: (peer: RTCPeerConnection) => void;
  /** Changes the server's answer before the browser is given it. */
  readonly toAnswer?: (sdp: string) => string;
};

/** A connection and its session at the server, offer and answer exchanged. */
export type Joined = { readonly peer: RTCPeerConnection; readonly session: HttpSession };

/** Opens a session and negotiates with it. Abort rejects with `signal.reason`. */
export async function join(options: JoinOptions, signal: AbortSignal): Promise<Result<Joined>> {
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
    if (session.description.type === "answer") return await settle({ peer, session }, options);
    peer.close();
    return await answerOffer(session, options, signal);
  } catch (error) {
    peer.close();
    throw error;
  }
}

/** Has the browser take the server's answer. */
async function settle(joined: Joined, options: JoinOptions): Promise<Result<Joined>> {
  const { peer, session } = joined;
  const { sdp } = session.description;
  if (isVideoRefused(sdp)) {
    leave(joined);
    return fail(refusesVideo(options));
  }
  if (session.iceServers.length > 0) peer.setConfiguration(configurationOf(session.iceServers, options));
  trickleTheRest(peer, session);
  const refused = await accept(peer, options, sdp);
  if (refused === null) return succeed(joined);
  leave(joined);
  return fail(refused);
}

/** Answers the offer of a server that makes it itself, by a connection of its own: what was prepared for ours is none of it. */
async function answerOffer(
  session: HttpSession,
  options: JoinOptions,
  signal: AbortSignal,
): Promise<Result<Joined>> {
  const own = await fetchIceServers();
  const iceServers = session.iceServers.length > 0 ? session.iceServers : own;
  const peer = new RTCPeerConnection(configurationOf(iceServers, options));
  const joined = { peer, session };
  try {
    await peer.setRemoteDescription(session.description);
    options.prepareAnswer?.(peer);
    await peer.setLocalDescription();
    await gathered(peer, signal);
  } catch (error) {
    leave(joined);
    signal.throwIfAborted();
    return fail(unusable(options, error));
  }
  const sdp = peer.localDescription?.sdp ?? "";
  const refused = isVideoRefused(sdp) ? refusesVideo(options) : await session.sendAnswer(sdp);
  if (signal.aborted || refused !== null) leave(joined);
  signal.throwIfAborted();
  return refused === null ? succeed(joined) : fail(refused);
}

function configurationOf(iceServers: readonly IceServer[], { relayOnly }: JoinOptions): RTCConfiguration {
  return {
    iceServers: iceServers.map((server) => Object.assign({}, server, { urls: [...server.urls] })),
    bundlePolicy: "max-bundle",
    iceTransportPolicy: relayOnly ? "relay" : "all",
  };
}

/** Gives the browser the server's answer; what it cannot use is the server's doing. */
export async function accept(
  peer: RTCPeerConnection,
  options: JoinOptions,
  answer: string,
): Promise<Failure | null> {
  try {
    await peer.setRemoteDescription({ type: "answer", sdp: options.toAnswer?.(answer) ?? answer });
    return null;
  } catch (error) {
    return unusable(options, error);
  }
}

function unusable({ protocol, shown }: JoinOptions, error: unknown): Failure {
  const next = "This browser cannot use the server's answer: choose another codec, or another browser.";
  return { kind: "unsupported", what: protocol.what, where: shown, next, cause: reason(error) };
}

/** Resolves when the browser's own candidates are there, or after a while without the rest. Abort rejects with `signal.reason`. */
export function gathered(peer: RTCPeerConnection, signal: AbortSignal): Promise<void> {
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

/** Ends connection and session, the latter at the server too. */
export function leave({ peer, session }: Joined): void {
  void session.close();
  peer.close();
}

function refusesVideo({ protocol, shown }: JoinOptions): Failure {
  const next = "The server takes this video in none of the codecs that were offered: choose another codec.";
  return { kind: "unsupported", what: protocol.what, where: shown, next };
}
