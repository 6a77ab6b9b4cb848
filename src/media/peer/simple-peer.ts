import Peer, { type SimplePeer } from "simple-peer/simplepeer.min.js";

import { fail, reason, succeed, type Result } from "../../core/failure.ts";
import { readPeerData, type PeerData } from "./envelope.ts";
import type { PeerLink, PeerLinkOptions, PeerRole, StatsEntry } from "./peer.ts";
import { withoutStrays, withStartBitrate } from "./sdp.ts";
import { checkSending, checkWebRtc, noWebRtc, sendCodecs, sendEncoding, setDegradation } from "./sending.ts";

/** Id of the clock's channel, agreed beforehand by both ends; far from those that the browser gives out. */
const datagramChannelId = 64;

type SendRole = Extract<PeerRole, { kind: "send" }>;

/** Makes a link on simple-peer. This file alone knows that package. */
export function createSimplePeerLink(options: PeerLinkOptions): Result<PeerLink> {
  const { role, listener } = options;
  const unable = role.kind === "send" ? checkSending(role.codec) : checkWebRtc();
  if (unable !== null) return fail(unable);
  const peer = new Peer({
    initiator: role.kind === "send",
    trickle: true,
    objectMode: true,
    config: {
      iceServers: options.iceServers.map((server) => ({ ...server, urls: [...server.urls] })),
      iceTransportPolicy: options.relayOnly ? "relay" : "all",
    },
  });
  const { _pc: connection } = peer;
  if (connection === null) return fail(noWebRtc);
  const datagrams = connection.createDataChannel("clock", {
    negotiated: true,
    id: datagramChannelId,
    ordered: false,
    maxRetransmits: 0,
  });
  datagrams.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (typeof data === "string") listener.onDatagram(data);
  });
  listen(peer, connection, options);
  if (role.kind === "send") prepareSending(peer, connection, role);
  return succeed(linkOf(peer, connection, datagrams, role));
}

function linkOf(
  peer: SimplePeer,
  connection: RTCPeerConnection,
  datagrams: RTCDataChannel,
  role: PeerRole,
): PeerLink {
  const isOver = (): boolean => peer.destroyed || peer.destroying;
  return {
    signal: (data) => {
      if (isOver()) return;
      const munged =
        role.kind === "send" && data.type === "answer"
          ? { ...data, sdp: withStartBitrate(data.sdp, role.bitrateKbps) }
          : data;
      peer.signal(munged);
    },
    sendText: (text) => {
      if (isOver() || !peer.connected) return false;
      peer.send(text);
      return true;
    },
    sendDatagram: (text) => {
      if (isOver() || datagrams.readyState !== "open") return false;
      datagrams.send(text);
      return true;
    },
    stats: () => readStats(connection),
    restartIce: () => {
      if (isOver() || role.kind !== "send") return;
      connection.restartIce();
      peer.negotiate();
    },
    close: () => peer.destroy(),
  };
}

/** Has every report of getStats as a plain record; a connection that is over has none. */
async function readStats(connection: RTCPeerConnection): Promise<readonly StatsEntry[]> {
  if (connection.connectionState === "closed") return [];
  try {
    const entries: StatsEntry[] = [];
    const report = await connection.getStats();
    // The DOM library types a report's entries loosely; they are plain records by specification.
    report.forEach((entry: StatsEntry) => entries.push(entry));
    return entries;
  } catch {
    // Rejects only where the connection closed meanwhile, which the link's state tells.
    return [];
  }
}

function listen(peer: SimplePeer, connection: RTCPeerConnection, options: PeerLinkOptions): void {
  const { role, listener } = options;
  let why = closedWords;
  peer.on("signal", (data) => {
    const known = readPeerData(data);
    if (known !== null) listener.onSignal(toCarry(known));
  });
  peer.on("connect", () => listener.onState({ state: "connected" }));
  peer.on("iceStateChange", (state) => {
    if (state === "disconnected") listener.onState({ state: "interrupted" });
    else if ((state === "connected" || state === "completed") && peer.connected) {
      listener.onState({ state: "connected" });
    }
  });
  peer.on("data", (data) => {
    if (typeof data === "string") listener.onText(data);
  });
  peer.on("track", (track, stream) => {
    if (!(track instanceof MediaStreamTrack) || !(stream instanceof MediaStream)) return;
    if (role.kind === "receive") setBuffer(connection, role.bufferMs);
    const receiver = connection.getReceivers().find((candidate) => candidate.track === track);
    if (receiver !== undefined) listener.onReceiver?.(receiver);
    listener.onTrack(track, stream);
  });
  peer.on("error", (error) => {
    why = inWords(reason(error));
  });
  peer.on("close", () => listener.onState({ state: "closed", why }));
}

const closedWords = "the other side closed the connection";

/** The library's and the browser's words for what users meet, in the user's; the rest stays as it is. */
function inWords(machineWords: string): string {
  if (machineWords.includes("User-Initiated Abort")) return closedWords;
  if (/^(?:Ice c|C)onnection failed/.test(machineWords)) return "no network path to the other side works";
  return machineWords;
}

function toCarry(data: PeerData): PeerData {
  return data.type === "offer" ? { ...data, sdp: withoutStrays(data.sdp) } : data;
}

function prepareSending(peer: SimplePeer, connection: RTCPeerConnection, role: SendRole): void {
  peer.addTransceiver(role.track, {
    direction: "sendonly",
    streams: [new MediaStream([role.track])],
    sendEncodings: [sendEncoding(role.bitrateKbps, role.maxFps)],
  });
  const [transceiver] = connection.getTransceivers();
  if (transceiver === undefined) return;
  transceiver.setCodecPreferences([...sendCodecs(role.codec)]);
  peer.on("connect", () => {
    void setDegradation(transceiver.sender, role.degradation);
  });
}

function setBuffer(connection: RTCPeerConnection, bufferMs: number | null): void {
  if (bufferMs === null) return;
  for (const receiver of connection.getReceivers()) {
    if ("jitterBufferTarget" in receiver) receiver.jitterBufferTarget = bufferMs;
  }
}
