import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** One kept connection that asks for one thing at a time, as lean as can be: what is measured is the server. */
export type HttpClient = {
  /** Resolves with status and length of the body once all of it is here. */
  readonly ask: (
    head: string,
    body?: Uint8Array,
  ) => Promise<{ readonly status: number; readonly bodyBytes: number }>;
  readonly close: () => void;
};

/** Connects to a server on this machine. */
export async function createHttpClient(port: number): Promise<HttpClient> {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  await once(socket, "connect");
  let pending: ((answer: { status: number; bodyBytes: number }) => void) | null = null;
  let head = "";
  let awaitedBytes = 0;
  let answer = { status: 0, bodyBytes: 0 };
  socket.on("data", (chunk: Buffer) => {
    let bodyBytes = chunk.length;
    if (awaitedBytes === 0) {
      const end = chunk.indexOf("\r\n\r\n");
      head += chunk.toString("latin1", 0, end < 0 ? chunk.length : end);
      if (end < 0) return;
      answer = readHead(head);
      head = "";
      awaitedBytes = answer.bodyBytes;
      bodyBytes = chunk.length - end - 4;
    }
    awaitedBytes -= bodyBytes;
    if (awaitedBytes > 0) return;
    pending?.(answer);
    pending = null;
  });
  return {
    ask: (request, body) =>
      new Promise((resolve) => {
        pending = resolve;
        send(socket, request, body);
      }),
    close: () => socket.destroy(),
  };
}

function readHead(head: string): { status: number; bodyBytes: number } {
  return {
    status: Number(head.slice(9, 12)),
    bodyBytes: Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0),
  };
}

function send(socket: Socket, request: string, body: Uint8Array | undefined): void {
  socket.cork();
  socket.write(
    `${request}\r\nHost: 127.0.0.1\r\n${body === undefined ? "" : `Content-Length: ${body.length}\r\n`}\r\n`,
  );
  if (body !== undefined) socket.write(body);
  process.nextTick(() => socket.uncork());
}
