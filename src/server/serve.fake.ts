import { WebSocket } from "ws";

import { maxSignalBytes, type FromServer, type ToServer } from "../core/wire/signalling.ts";
import type { ServerClock } from "./clock.ts";
import type { Log } from "./see-through.ts";
import { serve } from "./serve.ts";
import { createStreamgaugeServer, sendText } from "./server.ts";
import { defaultSignalLimits, type SignalLimits } from "./signalling.ts";

/** A page's end of the signalling socket, as tests hold it. */
export type Client = {
  readonly send: (message: ToServer) => void;
  readonly sendRaw: (data: string | Buffer) => void;
  /** The next message, in the order of arrival. Throws in words when the socket closes first. */
  readonly next: () => Promise<FromServer>;
  /** The next message, which has to be of this type. */
  readonly expect: <Type extends FromServer["type"]>(
    type: Type,
  ) => Promise<Extract<FromServer, { readonly type: Type }>>;
  /** Breaks the link without a word. */
  readonly cut: () => void;
  readonly closed: Promise<number>;
  readonly pings: () => number;
};

/** Options of a server under test. */
export type TestServerOptions = {
  readonly clock: ServerClock;
  readonly limits?: Partial<SignalLimits>;
  readonly log?: Log;
};

/** The real server on a free port of this machine, with clients for its signalling. */
export type TestServer = {
  readonly origin: string;
  readonly client: (options?: { readonly origin?: string; readonly autoPong?: boolean }) => Promise<Client>;
  readonly close: () => Promise<void>;
};

/** A message one byte larger than the server takes. */
export const tooLarge: string = "x".repeat(maxSignalBytes + 1);

/** Starts a server on a free port. Whoever starts it closes it. */
export async function startTestServer({ clock, limits, log }: TestServerOptions): Promise<TestServer> {
  const server = createStreamgaugeServer({
    page: (_request, response) => sendText(response, 200, "the page"),
    pageMode: "built",
    version: "0.0.0",
    names: [],
    iceServers: [{ urls: ["turn:relay.test"] }],
    turnSecret: "hush",
    clock,
    ...(log === undefined ? {} : { log }),
    signalLimits: { ...defaultSignalLimits, ...limits },
  });
  const serving = await serve(server, { port: 0, host: "127.0.0.1", certificate: null });
  if (!serving.ok) throw new Error(serving.failure.next);
  const { port, close } = serving.value;
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    close,
    client: async (options = {}) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/signal`, options);
      const client = createClient(socket);
      await new Promise<void>((resolve, reject) => {
        socket.once("open", () => resolve());
        socket.once("error", reject);
      });
      return client;
    },
  };
}

function createClient(socket: WebSocket): Client {
  const arrived: FromServer[] = [];
  const waiting: {
    readonly resolve: (message: FromServer) => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  let pingCount = 0;
  let closeCode: number | null = null;
  socket.on("ping", () => {
    pingCount += 1;
  });
  socket.on("message", (data: Buffer) => {
    const message = JSON.parse(data.toString("utf8")) as FromServer;
    const first = waiting.shift();
    if (first === undefined) arrived.push(message);
    else first.resolve(message);
  });
  const closed = new Promise<number>((resolve) => {
    socket.on("close", (code) => {
      closeCode = code;
      for (const { reject } of waiting.splice(0)) reject(new Error(`closed with ${code}`));
      resolve(code);
    });
  });
  const next = (): Promise<FromServer> => {
    const message = arrived.shift();
    if (message !== undefined) return Promise.resolve(message);
    if (closeCode !== null) return Promise.reject(new Error(`closed with ${closeCode}`));
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
    });
  };
  const expect: Client["expect"] = async (type) => {
    const message = await next();
    if (message.type !== type) throw new Error(`expected ${type}, got ${JSON.stringify(message)}`);
    return message as Extract<FromServer, { readonly type: typeof type }>;
  };
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    sendRaw: (data) => socket.send(data),
    next,
    expect,
    cut: () => socket.terminate(),
    closed,
    pings: () => pingCount,
  };
}

/** Opens a room on the server. */
export async function openRoom(
  server: TestServer,
): Promise<{ sender: Client; join: string; ownerKey: string; peerId: string }> {
  const sender = await server.client();
  sender.send({ type: "open" });
  return { sender, ...(await sender.expect("opened")) };
}

/** Joins a room on the server. */
export async function joinRoom(
  server: TestServer,
  join: string,
): Promise<{ receiver: Client; peerId: string }> {
  const receiver = await server.client();
  receiver.send({ type: "join", join });
  return { receiver, ...(await receiver.expect("joined")) };
}
