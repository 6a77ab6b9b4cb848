import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from "node:http2";
import { createServer as createTcp, type AddressInfo, type Server as TcpServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";

import { fail, succeed, type Failure, type Result } from "../core/failure.ts";
import type { Certificate } from "./certificate.ts";
import { hostnameOf, isLoopbackName } from "./hosts.ts";
import { sendText, type StreamgaugeServer } from "./server.ts";

/** Where and how to listen. */
export type ServeOptions = {
  /** 0 takes any free port. */
  readonly port: number;
  /** Address or name to listen on; null listens on every address of this machine. */
  readonly host: string | null;
  /** Null serves plain http alone. */
  readonly certificate: Certificate | null;
  readonly maxSockets?: number;
};

/** A server that listens. */
export type Serving = {
  readonly port: number;
  /** Ends every connection and gives the port back. */
  readonly close: () => Promise<void>;
};

/** First byte of a TLS record that carries a handshake (RFC 8446 section 5.1); no HTTP method begins with it. */
const tlsHandshake = 0x16;
/** What one sender may have on its way by HTTP/2, bytes: the default of 64 KiB each round trip is less than a stream. */
const windowBytes = 4 * 1024 * 1024;
/** More than a page of six players and a sender's uploads ask for at once. */
const maxConcurrentRequests = 200;
/** What may wait to be sent to one client by HTTP/2, MB, before it is let ask for no more: some segments for each of six players. */
const maxSessionMegabytes = 64;
/** A socket that says nothing for this long after it was opened is closed, ms. */
const firstByteMs = 10_000;

/**
 * Listens on one port for http and https alike, told apart by the first byte: this machine uses http://localhost, which
 * browsers trust without a certificate, other devices use https. Plain http under any other name is sent on to https.
 */
export async function serve(server: StreamgaugeServer, options: ServeOptions): Promise<Result<Serving>> {
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    server.handle(request, response, () => sendText(response, 404, "There is nothing here."));
  };
  const plain = createHttp(options.certificate === null ? handle : onlySecure(handle));
  plain.on("upgrade", options.certificate === null ? server.upgrade : onlySecureUpgrade(server.upgrade));
  const secure = options.certificate === null ? null : createSecure(options.certificate, handle, server);
  const sockets = new Set<Socket>();
  const tcp = createTcp({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    route(socket, plain, secure);
  });
  tcp.maxConnections = options.maxSockets ?? 8000;
  // Request time-outs of node:http begin with this event, which these two never emit themselves.
  plain.emit("listening");
  secure?.emit("listening");
  const close = async (): Promise<void> => {
    server.close();
    plain.close();
    secure?.close();
    const closed = new Promise<void>((resolve) => {
      tcp.close(() => resolve());
    });
    for (const socket of sockets) socket.destroySoon();
    await closed;
  };
  const failure = await listen(tcp, options);
  if (failure === null) return succeed({ port: (tcp.address() as AddressInfo).port, close });
  server.close();
  plain.close();
  secure?.close();
  return fail(failure);
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * HTTP/2 and 1.1, as the client likes: browsers open six connections to one server by HTTP/1.1, and each low-latency player
 * holds one nearly all the time; by HTTP/2 all requests share one. WebSockets come by 1.1 still.
 */
function createSecure(
  certificate: Certificate,
  handle: Handle,
  server: StreamgaugeServer,
): Http2SecureServer {
  const { certPem: cert, keyPem: key } = certificate;
  const settings = { initialWindowSize: windowBytes, maxConcurrentStreams: maxConcurrentRequests };
  const options = {
    cert,
    key,
    minVersion: "TLSv1.2",
    allowHTTP1: true,
    settings,
    maxSessionMemory: maxSessionMegabytes,
  } as const;
  const secure = createSecureServer(options, (request, response) => handle(...asHttp1(request, response)));
  secure.on("upgrade", server.upgrade);
  secure.on("session", (session) => session.setLocalWindowSize(windowBytes));
  // A connection that breaks ends its session and no more.
  secure.on("sessionError", (_error, session) => session.destroy());
  // A browser that does not accept the certificate breaks off the handshake; that is its own affair.
  secure.on("tlsClientError", (_error, socket) => socket.destroy());
  return secure;
}

/** Requests by HTTP/2 in the terms of 1.1, to which Node keeps but for the header that names the host and for who hung up. */
function asHttp1(request: Http2ServerRequest, response: Http2ServerResponse): Parameters<Handle> {
  if (request.httpVersionMajor === 2) {
    request.headers.host ??= request.authority;
    Object.defineProperty(response, "destroyed", { get: () => response.stream.destroyed });
  }
  return [request, response] as unknown as Parameters<Handle>;
}

function route(socket: Socket, plain: Server, secure: Http2SecureServer | null): void {
  const onError = (): void => {
    socket.destroy();
  };
  const onTimeout = (): void => {
    socket.destroy();
  };
  socket.on("error", onError);
  socket.setTimeout(firstByteMs, onTimeout);
  socket.once("data", (first: Buffer) => {
    socket.setTimeout(0);
    socket.off("timeout", onTimeout);
    socket.pause();
    const target = first[0] === tlsHandshake ? secure : plain;
    if (target === null) {
      socket.destroy();
      return;
    }
    socket.unshift(first);
    target.emit("connection", socket);
    process.nextTick(() => socket.resume());
  });
}

function isSecureEnough(request: IncomingMessage): boolean {
  const hostname = hostnameOf(request.headers.host);
  return hostname === null || isLoopbackName(hostname);
}

function onlySecure(handle: Handle): Handle {
  return (request, response) => {
    if (isSecureEnough(request)) {
      handle(request, response);
      return;
    }
    response.setHeader("Location", `https://${request.headers.host ?? ""}${request.url ?? "/"}`);
    sendText(response, 307, "Browsers give cameras, workers and codecs to secure pages only: use https.");
  };
}

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

function onlySecureUpgrade(upgrade: Upgrade): Upgrade {
  return (request, socket, head) => {
    if (isSecureEnough(request)) upgrade(request, socket, head);
    else socket.end("HTTP/1.1 426 Upgrade Required\r\nUpgrade: TLS/1.2\r\nConnection: close\r\n\r\n");
  };
}

async function listen(tcp: TcpServer, { port, host }: ServeOptions): Promise<Failure | null> {
  const first = await tryListen(tcp, port, host ?? "::");
  // A machine without IPv6 has no `::` to listen on.
  const noIpv6 = host === null && (first?.code === "EAFNOSUPPORT" || first?.code === "EADDRNOTAVAIL");
  const error = noIpv6 ? await tryListen(tcp, port, "0.0.0.0") : first;
  return error === null ? null : listenFailure(error, port, host);
}

function tryListen(tcp: TcpServer, port: number, host: string): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException): void => resolve(error);
    tcp.once("error", onError);
    tcp.listen({ port, host }, () => {
      tcp.off("error", onError);
      resolve(null);
    });
  });
}

function listenFailure(error: NodeJS.ErrnoException, port: number, host: string | null): Failure {
  const where = host === null ? `port ${port}` : `${host}, port ${port}`;
  const base = { what: "Listening", where, cause: error.message } as const;
  switch (error.code) {
    case "EADDRINUSE":
      return {
        ...base,
        kind: "refused-input",
        next: `Another program listens there. End it, or choose another port: --port ${port + 1}, or --port 0 for any free one.`,
      };
    case "EACCES":
      return {
        ...base,
        kind: "denied",
        next: "This user may not listen there. Ports from 1024 on are open to everyone: --port 8080.",
      };
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return {
        ...base,
        kind: "refused-input",
        next: "This machine has no such address. Leave --host out to listen on all of them.",
      };
    case undefined:
    default:
      return { ...base, kind: "unreachable", next: "Try another --port or --host." };
  }
}
