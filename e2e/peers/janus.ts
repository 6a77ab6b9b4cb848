import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { WebSocket } from "ws";

import { freePort } from "../free-port.ts";

/** Janus, which takes one stream by WHIP and hands its packets to ffmpeg, which makes HLS of them. Whoever started it stops it. */
export type Janus = {
  readonly whipUrl: string;
  /** Where `live.m3u8` comes to stand. */
  readonly directory: string;
  /** Sessions that were ended by DELETE. */
  readonly endedCount: () => number;
  readonly stop: () => Promise<void>;
};

type Message = Readonly<Record<string, unknown>>;

/** One plugin of one session of Janus's own API (janus.conf.meetecho.com/docs/rest). */
type Handle = {
  /** Resolves with what the plugin says, acknowledgements left out; rejects with its error. */
  readonly ask: (body: Message, offer?: string) => Promise<{ readonly data: Message; readonly sdp: string }>;
  readonly end: () => void;
};

const room = 1;
/** Payload type of the packets that Janus hands on. */
const payloadType = 96;

/** What is not needed here; some of it brings Janus down now and then while it starts. */
const unneeded = {
  plugins: "audiobridge duktape echotest lua nosip recordplay sip streaming textroom videocall voicemail",
  transports: "http mqtt nanomsg pfunix rabbitmq",
  loggers: "jsonlog",
};

const config = `general: { protected_folders = [] }
${Object.entries(unneeded)
  .map(([kind, names]) => {
    const files = names.split(" ").map((name) => `libjanus_${name}.so`);
    return `${kind}: { disable = "${files.join(",")}" }`;
  })
  .join("\n")}
`;

/** Starts Janus in a folder of its own, with WHIP (which it does not speak itself) before its API. */
export async function startJanus(): Promise<Janus> {
  const directory = await mkdtemp(join(tmpdir(), "streamgauge-janus-"));
  const [apiPort, rtpPort] = [await freePort(), await freePort()];
  await writeFile(join(directory, "janus.jcfg"), config);
  await writeFile(
    join(directory, "janus.transport.websockets.jcfg"),
    `general: { ws = true; ws_port = ${apiPort}; ws_ip = "127.0.0.1" }\n`,
  );
  const child = spawn("janus", ["-F", directory, "-d", "0"], { cwd: directory, stdio: "ignore" });
  const exited = once(child, "exit");
  const socket = await Promise.race([
    connect(apiPort),
    exited.then(() => {
      throw new Error("Janus ended while it started");
    }),
  ]);
  const attach = createClient(socket);
  const rooms = await attach("janus.plugin.videoroom");
  // A key frame is asked for every second, where segments can begin.
  await rooms.ask({ request: "create", room, videocodec: "h264", publishers: 1, fir_freq: 1 });
  const cutter = await cutRtp(directory, rtpPort);
  const gateway = await serve(async (offer) => {
    const handle = await attach("janus.plugin.videoroom");
    const joined = await handle.ask({ request: "join", ptype: "publisher", room });
    const { sdp } = await handle.ask({ request: "publish" }, offer);
    const streams = [{ mid: "0", port: rtpPort, pt: payloadType }];
    const target = { room, publisher_id: joined.data["id"], host: "127.0.0.1", streams };
    await rooms.ask({ request: "rtp_forward", ...target });
    return { handle, sdp };
  });
  return {
    ...gateway,
    directory,
    stop: async () => {
      await gateway.stop();
      socket.close();
      child.kill("SIGTERM");
      cutter.kill("SIGKILL");
      await exited;
      await rm(directory, { recursive: true });
    },
  };
}

/** ffmpeg takes the packets of one H.264 stream and cuts them to HLS as they are. */
async function cutRtp(directory: string, port: number): Promise<ChildProcess> {
  const sdp = [
    "v=0",
    "o=- 0 0 IN IP4 127.0.0.1",
    "s=-",
    "c=IN IP4 127.0.0.1",
    "t=0 0",
    `m=video ${port} RTP/AVP ${payloadType}`,
    `a=rtpmap:${payloadType} H264/90000`,
    `a=fmtp:${payloadType} packetization-mode=1`,
    "",
  ];
  await writeFile(join(directory, "live.sdp"), sdp.join("\r\n"));
  const input = ["-protocol_whitelist", "file,udp,rtp", "-i", "live.sdp", "-c", "copy"];
  const hls = ["-f", "hls", "-hls_time", "1", "-hls_list_size", "6", "live.m3u8"];
  return spawn("ffmpeg", ["-hide_banner", "-loglevel", "fatal", ...input, ...hls], {
    cwd: directory,
    stdio: ["ignore", "inherit", "inherit"],
  });
}

/** Janus takes connections some time after it was started; trying is the only way to know. */
async function connect(port: number): Promise<WebSocket> {
  for (;;) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, "janus-protocol");
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once("open", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    if (isOpen) return socket;
    await new Promise((resolve) => void setTimeout(resolve, 100));
  }
}

function createClient(socket: WebSocket): (plugin: string) => Promise<Handle> {
  const waiting = new Map<string, (answer: Message) => void>();
  let count = 0;
  socket.on("message", (text: Buffer) => {
    const answer = JSON.parse(text.toString("utf8")) as Message;
    if (answer["janus"] !== "ack") waiting.get(String(answer["transaction"]))?.(answer);
  });
  const send = (message: Message): Promise<Message> => {
    count += 1;
    const transaction = String(count);
    const answered = new Promise<Message>((resolve) => waiting.set(transaction, resolve));
    socket.send(JSON.stringify({ ...message, transaction }));
    return answered;
  };
  const session = send({ janus: "create" }).then(({ data }) => (data as Message)["id"]);
  const timer = setInterval(() => {
    void session.then((session_id) => send({ janus: "keepalive", session_id }));
  }, 20_000);
  socket.on("close", () => clearInterval(timer));
  return async (plugin) => {
    const session_id = await session;
    const attached = await send({ janus: "attach", session_id, plugin });
    const handle_id = (attached["data"] as Message)["id"];
    return {
      ask: async (body, offer) => {
        const jsep = offer === undefined ? {} : { jsep: { type: "offer", sdp: offer } };
        const answer = await send({ janus: "message", session_id, handle_id, body, ...jsep });
        const data = ((answer["plugindata"] as Message | undefined)?.["data"] ?? answer) as Message;
        if ("error" in data) throw new Error(JSON.stringify(data));
        const { sdp = "" } = (answer["jsep"] ?? {}) as { readonly sdp?: string };
        return { data, sdp };
      },
      end: () => void send({ janus: "detach", session_id, handle_id }),
    };
  };
}

type Session = { readonly handle: Handle; readonly sdp: string };
type Begin = (offer: string) => Promise<Session>;

async function serve(publish: Begin): Promise<Omit<Janus, "directory">> {
  const sessions = new Map<string, Session>();
  let endedCount = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "/").slice(1);
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Methods", "POST, DELETE");
    response.setHeader("Access-Control-Allow-Headers", "Authorization, Content-Type");
    response.setHeader("Access-Control-Expose-Headers", "Location");
    if (request.method === "POST") {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const session = await publish(Buffer.concat(pieces).toString("utf8"));
      const id = crypto.randomUUID();
      sessions.set(id, session);
      response.writeHead(201, { "Content-Type": "application/sdp", Location: `/${id}` }).end(session.sdp);
      return;
    }
    if (request.method === "DELETE" && sessions.delete(path)) endedCount += 1;
    response.writeHead(204).end();
  };
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    whipUrl: `${base}/whip`,
    endedCount: () => endedCount,
    stop: async () => {
      for (const { handle } of sessions.values()) handle.end();
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
