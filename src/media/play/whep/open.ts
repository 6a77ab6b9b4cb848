import { succeed } from "../../../core/failure.ts";
import { showSource } from "../../../core/wire/source.ts";
import { openHttpConnection } from "../../peer/http-connection.ts";
import type { HttpProtocol } from "../../peer/http-session.ts";
import type { StatsEntry } from "../../peer/peer.ts";
import { addressOf } from "../claim.ts";
import { detach, play } from "../element.ts";
import { createTransportCounter } from "../peer/transport-stats.ts";
import type { Open, PlayOptions } from "../way.ts";

/** WHEP's words (draft-ietf-wish-whep). */
const whep: HttpProtocol = {
  name: "WHEP",
  what: "playing by WHEP",
  refusals: {
    404: ["unreachable", "Nothing is published there (yet): start its publisher."],
    406: ["unsupported", "The server can neither answer this browser's offer nor makes one itself."],
    409: ["unreachable", "The stream is not being published now: start its publisher."],
  },
  takesCounterOffers: true,
};

/** Plays a WHEP endpoint. */
export const playWhep: Open = async (target, options, signal) => {
  signal.throwIfAborted();
  const url = addressOf(target, ["http:", "https:"]);
  if (!url.ok) return url;
  const { listener, video, token, relayOnly } = options;
  listener.onState({ state: "connecting", why: "offering to play" });
  const opened = await openHttpConnection(
    {
      protocol: whep,
      url: url.value,
      shown: showSource(url.value.href),
      token,
      relayOnly,
      prepare: (peer) => prepare(peer, options),
      prepareAnswer: (peer) => prepareAnswer(peer, options),
      onPeer: (peer) => show(peer, options),
      onState: listener.onState,
    },
    signal,
  );
  if (!opened.ok) return opened;
  const { peer, ended, close } = opened.value;
  const counter = createTransportCounter();
  return succeed({
    ended,
    sample: async () => {
      const report = await peer().getStats();
      return counter.add([...report.values()] as StatsEntry[], performance.now());
    },
    close: () => {
      close();
      detach(video);
    },
  });
};

function prepare(peer: RTCPeerConnection, options: PlayOptions): void {
  const { receiver } = peer.addTransceiver("video", { direction: "recvonly" });
  take(receiver, options);
  peer.addTransceiver("audio", { direction: "recvonly" });
}

/** What the server offers, where it makes the offer. */
function prepareAnswer(peer: RTCPeerConnection, options: PlayOptions): void {
  const receiver = videoOf(peer);
  if (receiver !== undefined) take(receiver, options);
}

function take(receiver: RTCRtpReceiver, { bufferMs, tap }: PlayOptions): void {
  tap?.onReceiver(receiver);
  if (bufferMs !== null && "jitterBufferTarget" in receiver) receiver.jitterBufferTarget = bufferMs;
}

function videoOf(peer: RTCPeerConnection): RTCRtpReceiver | undefined {
  return peer.getTransceivers().find(({ receiver }) => receiver.track.kind === "video")?.receiver;
}

function show(peer: RTCPeerConnection, { listener, video }: PlayOptions): void {
  const track = videoOf(peer)?.track;
  if (track === undefined) return;
  video.srcObject = new MediaStream([track]);
  listener.onTrack(track);
  play(video);
}
