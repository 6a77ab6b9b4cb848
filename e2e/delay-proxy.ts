import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

/** Stands before the instrument's server and publishes each HLS stream again, later. Whoever started it stops it. */
export type DelayProxy = {
  /** Where the sender is opened. */
  readonly url: string;
  /** Play URLs on the server itself: as published, then by each delay. Known once a sender asked for its stream. */
  readonly playUrls: () => readonly string[];
  readonly stop: () => Promise<void>;
};

/** A copy of a stream that gets each file so much later. */
type Twin = { readonly delayMs: number; readonly putPath: string; readonly putToken: string };
type Created = { readonly putPath: string; readonly putToken: string; readonly playPath: string };

/**
 * Starts a proxy on a free port. Everything is handed through at once; each file put into an HLS stream is put again after
 * each delay, in order, into a stream of its own, so that the streams differ in nothing but the delay.
 */
export async function startDelayProxy(serverUrl: string, delaysMs: readonly number[]): Promise<DelayProxy> {
  let playUrls: readonly string[] = [];
  let twins: readonly Twin[] = [];
  const tails = new Map<Twin, Promise<void>>();
  const timers = new Set<NodeJS.Timeout>();
  const sockets = new Set<Socket>();

  const create = async (): Promise<Created> =>
    (await (await fetch(`${serverUrl}/api/hls`, { method: "POST" })).json()) as Created;
  const makeTwins = async (own: Created): Promise<void> => {
    const made = await Promise.all(delaysMs.map(create));
    twins = made.map((each, index) => ({ ...each, delayMs: delaysMs[index] ?? 0 }));
    playUrls = [own, ...made].map(({ playPath }) => serverUrl + playPath);
  };
  const putLater = (twin: Twin, name: string, body: Buffer): void => {
    const due = new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, twin.delayMs);
      timers.add(timer);
    });
    const before = tails.get(twin) ?? Promise.resolve();
    const put = async (): Promise<void> => {
      await Promise.all([before, due]);
      const headers = { Authorization: `Bearer ${twin.putToken}` };
      await fetch(`${serverUrl}${twin.putPath}${name}`, {
        method: "PUT",
        body: new Uint8Array(body),
        headers,
      });
    };
    // The server may be gone when the test ends.
    tails.set(
      twin,
      put().catch(() => undefined),
    );
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readAll(request);
    const answer = await forward(serverUrl, request, body);
    if (request.url === "/api/hls" && answer.statusCode === 201)
      await makeTwins(JSON.parse(answer.body.toString()) as Created);
    const name = /^\/hls\/[^/]+\/(.+)$/.exec(request.url ?? "")?.[1];
    if (request.method === "PUT" && name !== undefined) for (const twin of twins) putLater(twin, name, body);
    send(response, answer);
  };
  const server = createServer((request, response) => void handle(request, response));
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (request: IncomingMessage, socket, head: Buffer) => {
    const onward = connect(Number(new URL(serverUrl).port), "127.0.0.1", () => {
      const lines = Object.entries(request.headers).map(([key, value]) => `${key}: ${String(value)}`);
      onward.write(`GET ${request.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  server.listen(0);
  await once(server, "listening");
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    playUrls: () => playUrls,
    stop: async () => {
      for (const timer of timers) clearTimeout(timer);
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

type Answer = {
  readonly statusCode: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
};

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function forward(
  serverUrl: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onward = httpRequest(`${serverUrl}${url}`, { method, headers }, (answer) => {
      readAll(answer)
        .then((read) =>
          resolve({ statusCode: answer.statusCode ?? 502, headers: answer.headers, body: read }),
        )
        .catch(reject);
    });
    onward.on("error", () => resolve({ statusCode: 502, headers: {}, body: Buffer.alloc(0) }));
    onward.end(body);
  });
}

function send(response: ServerResponse, { statusCode, headers, body }: Answer): void {
  const { "transfer-encoding": _chunked, ...kept } = headers;
  response.writeHead(statusCode, kept);
  response.end(body);
}
