import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import {
  MediaStreamTrack,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  type RtpPacket,
  type RTCRtpReceiver,
} from "werift";

/** What a server is to do otherwise than well. */
export type WhipOptions = {
  /** Bearer token that publishers need; absent: none. */
  readonly token?: string;
  /** Whether pages of other origins may use it. */
  readonly cors?: boolean;
  /** What the endpoint answers instead of a session. */
  readonly status?: number;
};

/** A WHIP and WHEP server on a WebRTC stack that shares no code with any browser's. Whoever started it stops it. */
export type WhipServer = {
  /** Where a publisher and where players go. */
  readonly whipUrl: string;
  readonly whepUrl: string;
  /** Requests that came, such as `POST whip` and `DELETE whip`. */
  readonly log: readonly string[];
  readonly publisherCount: () => number;
  readonly stop: () => Promise<void>;
};

const vp8 = new RTCRtpCodecParameters({
  mimeType: "video/VP8",
  clockRate: 90_000,
  rtcpFeedback: [{ type: "nack" }, { type: "nack", parameter: "pli" }, { type: "ccm", parameter: "fir" }],
});

/** Players ask for sound too; none is sent. */
const opus = new RTCRtpCodecParameters({ mimeType: "audio/opus", clockRate: 48_000, channels: 2 });

type Publisher = {
  readonly connection: RTCPeerConnection;
  receiver: RTCRtpReceiver | null;
  ssrc: number;
};
type Viewer = { readonly connection: RTCPeerConnection; readonly track: MediaStreamTrack };

/** Starts a server for one stream on a free port of this machine. */
export async function startWhipServer(options: WhipOptions = {}): Promise<WhipServer> {
  const log: string[] = [];
  const publishers = new Map<string, Publisher>();
  const viewers = new Map<string, Viewer>();
  const askForKeyFrame = (): void => {
    for (const { receiver, ssrc } of publishers.values()) void receiver?.sendRtcpPLI(ssrc);
  };
  const publish = async (offer: string): Promise<readonly [id: string, answer: string]> => {
    const connection = connect();
    const publisher: Publisher = { connection, receiver: null, ssrc: 0 };
    connection.onTrack.subscribe((track) => {
      publisher.receiver = connection.getTransceivers()[0]?.receiver ?? null;
      track.onReceiveRtp.subscribe((packet: RtpPacket) => {
        publisher.ssrc = packet.header.ssrc;
        for (const viewer of viewers.values()) viewer.track.writeRtp(packet.clone());
      });
    });
    return keep(publishers, publisher, await answer(connection, offer));
  };
  const play = async (offer: string): Promise<readonly [id: string, answer: string]> => {
    const connection = connect();
    const track = new MediaStreamTrack({ kind: "video" });
    const { sender } = connection.addTransceiver(track, { direction: "sendonly" });
    sender.onPictureLossIndication.subscribe(askForKeyFrame);
    connection.connectionStateChange.subscribe((state) => {
      if (state === "connected") askForKeyFrame();
    });
    return keep(viewers, { connection, track }, await answer(connection, offer));
  };
  const server = createServer((request, response) => {
    void serve(request, response, { options, log, publishers, viewers, publish, play });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    whipUrl: `${base}/whip`,
    whepUrl: `${base}/whep`,
    log,
    publisherCount: () => publishers.size,
    stop: async () => {
      const connections = [...publishers.values(), ...viewers.values()].map(({ connection }) => connection);
      await Promise.all(connections.map((connection) => connection.close()));
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

function connect(): RTCPeerConnection {
  return new RTCPeerConnection({
    codecs: { audio: [opus], video: [vp8] },
    iceServers: [],
    bundlePolicy: "max-bundle",
    iceAdditionalHostAddresses: ["127.0.0.1"],
  });
}

async function answer(connection: RTCPeerConnection, offer: string): Promise<string> {
  await connection.setRemoteDescription({ type: "offer", sdp: offer });
  await connection.setLocalDescription(await connection.createAnswer());
  return connection.localDescription?.sdp ?? "";
}

function keep<Session>(
  sessions: Map<string, Session>,
  session: Session,
  sdp: string,
): readonly [id: string, answer: string] {
  const id = crypto.randomUUID();
  sessions.set(id, session);
  return [id, sdp];
}

type Service = {
  readonly options: WhipOptions;
  readonly log: string[];
  readonly publishers: Map<string, Publisher>;
  readonly viewers: Map<string, Viewer>;
  readonly publish: (offer: string) => Promise<readonly [id: string, answer: string]>;
  readonly play: (offer: string) => Promise<readonly [id: string, answer: string]>;
};

async function serve(request: IncomingMessage, response: ServerResponse, service: Service): Promise<void> {
  const { options, log, publish, play } = service;
  const [kind = "", id = ""] = (request.url ?? "/").slice(1).split("/");
  if (options.cors !== false) allowPages(response);
  if (request.method === "OPTIONS") {
    response.writeHead(204).end();
    return;
  }
  log.push(`${request.method} ${kind}`);
  const status = options.status ?? refusalOf(request, kind, service);
  if (status !== null) response.writeHead(status).end();
  else if (request.method === "DELETE") response.writeHead(await remove(service, id)).end();
  else {
    const offer = await readText(request);
    const [session, sdp] = await (kind === "whip" ? publish(offer) : play(offer));
    const headers = { "Content-Type": "application/sdp", Location: `/${kind}/${session}` };
    response.writeHead(201, headers).end(sdp);
  }
}

function allowPages(response: ServerResponse): void {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Allow-Methods", "POST, PATCH, DELETE");
  response.setHeader("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match");
  response.setHeader("Access-Control-Expose-Headers", "Location, Link, ETag");
}

function refusalOf({ method, headers }: IncomingMessage, kind: string, service: Service): number | null {
  const { token } = service.options;
  if (kind === "whip" && token !== undefined && headers.authorization !== `Bearer ${token}`) return 401;
  if (kind === "whep" && service.publishers.size === 0) return 404;
  return method === "POST" || method === "DELETE" ? null : 405;
}

async function remove({ publishers, viewers }: Service, id: string): Promise<number> {
  const session = publishers.get(id) ?? viewers.get(id);
  publishers.delete(id);
  viewers.delete(id);
  await session?.connection.close();
  return session === undefined ? 404 : 200;
}

async function readText(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}
