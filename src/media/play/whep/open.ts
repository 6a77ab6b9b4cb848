import { succeed, type Failure, type Result } from "../../../core/failure.ts";
import { createDeferred } from "../../link/deferred.ts";
import { retryDelayMs } from "../../link/retry.ts";
import { fetchIceServers } from "../../link/room.ts";
import { realTimers } from "../../link/timers.ts";
import type { StatsEntry } from "../../peer/peer.ts";
import { addressOf } from "../claim.ts";
import { detach, play } from "../element.ts";
import { createTransportCounter } from "../peer/transport-stats.ts";
import type { Open, Playing, PlayOptions } from "../way.ts";
import { toIceFragment, withIceFragment } from "./ice-fragment.ts";
import { openWhep, type WhepResource } from "./resource.ts";

/** Longest wait for the browser's own candidates before the offer goes out with those there are, ms. */
const gatherMs = 1500;
/** A path that does not come back by itself within this is restarted, ms. */
const patienceMs = 3000;

/** Plays a WHEP endpoint. */
export const playWhep: Open = async (target, options, signal) => {
  signal.throwIfAborted();
  const url = addressOf(target, ["http:", "https:"]);
  if (!url.ok) return url;
  options.listener.onState({ state: "connecting", why: "offering to play" });
  const closing = new AbortController();
  const opening = AbortSignal.any([signal, closing.signal]);
  const first = await connect(url.value, options, opening);
  if (!first.ok) return first;
  return succeed(keepPlaying(url.value, options, first.value, closing));
};

/** One connection with its session at the server. */
type Connection = { readonly peer: RTCPeerConnection; readonly resource: WhepResource };

async function connect(url: URL, options: PlayOptions, signal: AbortSignal): Promise<Result<Connection>> {
  const iceServers = (await fetchIceServers()).map(({ urls, ...rest }) => ({ ...rest, urls: [...urls] }));
  const peer = new RTCPeerConnection({
    iceServers,
    bundlePolicy: "max-bundle",
    iceTransportPolicy: options.relayOnly ? "relay" : "all",
  });
  try {
    const { receiver } = peer.addTransceiver("video", { direction: "recvonly" });
    peer.addTransceiver("audio", { direction: "recvonly" });
    if (options.bufferMs !== null && "jitterBufferTarget" in receiver)
      receiver.jitterBufferTarget = options.bufferMs;
    await peer.setLocalDescription();
    await gathered(peer, signal);
    const offer = peer.localDescription?.sdp ?? "";
    const opened = await openWhep(
      { fetch: (to, init) => fetch(to, init) },
      url,
      options.token,
      offer,
      signal,
    );
    if (!opened.ok) {
      peer.close();
      return opened;
    }
    await peer.setRemoteDescription({ type: "answer", sdp: opened.value.answer });
    return succeed({ peer, resource: opened.value });
  } catch (error) {
    peer.close();
    throw error;
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

/** What changes while it plays. */
type Play = {
  readonly url: URL;
  readonly options: PlayOptions;
  readonly closing: AbortController;
  readonly end: (failure: Failure | null) => void;
  connection: Connection;
  attempt: number;
  cancel: () => void;
};

function keepPlaying(url: URL, options: PlayOptions, first: Connection, closing: AbortController): Playing {
  const { video } = options;
  const ended = createDeferred<Failure | null>();
  const counter = createTransportCounter();
  const playing: Play = {
    url,
    options,
    closing,
    end: ended.settle,
    connection: first,
    attempt: 0,
    cancel: () => undefined,
  };
  follow(playing);
  return {
    ended: ended.promise,
    sample: async () => {
      const report = await playing.connection.peer.getStats();
      return counter.add([...report.values()] as StatsEntry[], performance.now());
    },
    close: () => {
      playing.cancel();
      closing.abort(new Error("play was closed"));
      void playing.connection.resource.close();
      playing.connection.peer.close();
      detach(video);
      ended.settle(null);
    },
  };
}

/** Shows the connection's picture, and watches over its path. */
function follow(playing: Play): void {
  const { connection, options } = playing;
  const { peer } = connection;
  const { listener, video } = options;
  const track = peer.getTransceivers().find(({ receiver }) => receiver.track.kind === "video")
    ?.receiver.track;
  if (track !== undefined) {
    video.srcObject = new MediaStream([track]);
    listener.onTrack(track);
    play(video);
  }
  peer.addEventListener("connectionstatechange", () => {
    if (playing.connection !== connection) return;
    playing.cancel();
    if (peer.connectionState === "connected") {
      playing.attempt = 0;
      listener.onState({ state: "connected", why: "" });
    }
    if (peer.connectionState === "disconnected" || peer.connectionState === "failed") {
      listener.onState({ state: "lost", why: `the path to the server is ${peer.connectionState}` });
      const waitMs = peer.connectionState === "failed" ? 0 : patienceMs;
      playing.cancel = realTimers.after(waitMs, () => void comeBack(playing));
    }
  });
}

/** By restarting ICE where the server allows it, by a new session where not; after a growing, bounded wait. */
async function comeBack(playing: Play): Promise<void> {
  const { options, closing, connection } = playing;
  options.listener.onState({ state: "connecting", why: "finding a path to the server anew" });
  try {
    if (playing.attempt === 0 && (await restartIce(connection, closing.signal))) {
      playing.attempt = 1;
      playing.cancel = realTimers.after(patienceMs, () => void comeBack(playing));
      return;
    }
    void connection.resource.close();
    connection.peer.close();
    const next = await connect(playing.url, options, closing.signal);
    if (next.ok) {
      playing.connection = next.value;
      follow(playing);
      return;
    }
    if (next.failure.kind === "denied") {
      playing.end(next.failure);
      return;
    }
    options.listener.onState({ state: "lost", why: next.failure.cause ?? next.failure.next });
    playing.attempt += 1;
    const waitMs = retryDelayMs(playing.attempt, Math.random());
    playing.cancel = realTimers.after(waitMs, () => void comeBack(playing));
  } catch (error) {
    if (!closing.signal.aborted) throw error;
  }
}

async function restartIce({ peer, resource }: Connection, signal: AbortSignal): Promise<boolean> {
  const answer = peer.remoteDescription?.sdp;
  if (answer === undefined) return false;
  await peer.setLocalDescription(await peer.createOffer({ iceRestart: true }));
  await gathered(peer, signal);
  const fragment = await resource.restartIce(toIceFragment(peer.localDescription?.sdp ?? ""));
  if (fragment === null) return false;
  await peer.setRemoteDescription({ type: "answer", sdp: withIceFragment(answer, fragment) });
  return true;
}
