import { fail, succeed, type Failure, type Result } from "../../../core/failure.ts";
import type { OutletState } from "../../../core/wire/automation.ts";
import type { SenderSetup } from "../../../core/wire/setup.ts";
import { createDeferred } from "../../link/deferred.ts";
import { publishFacts } from "../../link/facts.ts";
import { realTimers } from "../../link/timers.ts";
import {
  openHttpConnection,
  type HttpConnection,
  type HttpConnectionState,
} from "../../peer/http-connection.ts";
import type { HttpProtocol } from "../../peer/http-session.ts";
import type { StatsEntry } from "../../peer/peer.ts";
import { withStartBitrate } from "../../peer/sdp.ts";
import { checkSending, sendCodecs, sendEncoding, setDegradation } from "../../peer/sending.ts";
import { toEncoderCounts, toEncoderSample, type EncoderCounts } from "../peer/encoder-stats.ts";
import type { Publish, Publishing } from "../way.ts";

/** How long the first path to the server may take, ms: the time in which a second one is looked for is in it. */
const pathPatienceMs = 15_000;

/** WHIP's words (RFC 9725). */
const whip: HttpProtocol = {
  name: "WHIP",
  what: "Publishing by WHIP",
  refusals: {
    404: [
      "unreachable",
      "There is no endpoint at this address: check it, and that the stream was made at the server.",
    ],
  },
};

/** Publishes to a WHIP endpoint. Resolves when pictures flow to the server. */
export const publishByWhip: Publish = async (source, setup, facts, listener, signal) => {
  signal.throwIfAborted();
  if (setup.whipUrl === "") return fail(noEndpoint);
  const unable = checkSending(setup.codec);
  if (unable !== null) return fail(unable);
  const url = new URL(setup.whipUrl);
  const shown = `${url.origin}/...`;
  const playUrl = setup.playUrl === "" ? null : setup.playUrl;
  const live = createDeferred<Result<null>>();
  const tell = (state: OutletState["state"], why: string): void => listener.onOutlet({ state, why, playUrl });
  let lastWhy = "no path to the server was found";
  let hasBeenLive = false;
  const onState = ({ state, why }: HttpConnectionState): void => {
    if (state === "connected") {
      hasBeenLive = true;
      tell("live", "");
      live.settle(succeed(null));
    } else {
      lastWhy = why;
      tell(hasBeenLive ? "stuck" : "opening", why);
    }
  };
  tell("opening", "offering the stream to the server");
  const opened = await openHttpConnection(
    {
      protocol: whip,
      url,
      shown,
      token: setup.whipToken,
      relayOnly: setup.relay,
      prepare: (peer) => prepare(peer, source.track, setup),
      toAnswer: (sdp) => withStartBitrate(sdp, setup.bitrateKbps),
      onPeer: keepResolution,
      onState,
    },
    signal,
  );
  if (!opened.ok) return opened;
  const connection = opened.value;
  const abort = (): void => live.settle(fail(noPath(shown, "stopped")));
  signal.addEventListener("abort", abort, { once: true });
  const cancel = realTimers.after(pathPatienceMs, () => live.settle(fail(noPath(shown, lastWhy))));
  void refuseWith(connection, live.settle);
  const first = await live.promise;
  cancel();
  signal.removeEventListener("abort", abort);
  if (signal.aborted || !first.ok) connection.close();
  signal.throwIfAborted();
  return first.ok ? succeed(publishingOf(connection, publishFacts(facts))) : first;
};

async function refuseWith({ ended }: HttpConnection, settle: (first: Result<null>) => void): Promise<void> {
  const failure = await ended;
  if (failure !== null) settle(fail(failure));
}

function prepare(peer: RTCPeerConnection, track: MediaStreamTrack, setup: SenderSetup): void {
  const transceiver = peer.addTransceiver(track, {
    direction: "sendonly",
    streams: [new MediaStream([track])],
    sendEncodings: [sendEncoding(setup.bitrateKbps, setup.fps)],
  });
  transceiver.setCodecPreferences([...sendCodecs(setup.codec)]);
}

function keepResolution(peer: RTCPeerConnection): void {
  for (const sender of peer.getSenders()) void setDegradation(sender, "maintain-resolution");
}

function publishingOf(connection: HttpConnection, stopFacts: () => void): Publishing {
  let before: EncoderCounts | null = null;
  void connection.ended.then(stopFacts);
  return {
    ended: connection.ended,
    close: connection.close,
    sample: async () => {
      const report = await connection.peer().getStats();
      const now = toEncoderCounts([...report.values()] as StatsEntry[]);
      if (now === null) return {};
      const sample = toEncoderSample(before, now);
      before = now;
      return sample;
    },
  };
}

const noEndpoint: Failure = {
  kind: "refused-input",
  what: whip.what,
  where: "the WHIP endpoint",
  next: "Give the endpoint's address, such as https://host/live/whip.",
};

function noPath(where: string, cause: string): Failure {
  return {
    kind: "timed-out",
    what: "The server took the offer, but no network path to it works",
    where,
    next: "A firewall may stand between this device and the server's UDP ports: open them, or give a TURN server to this page's server (--ice).",
    cause,
  };
}
