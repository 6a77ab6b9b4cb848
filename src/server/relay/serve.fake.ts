import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createTcp, type AddressInfo, type Server } from "node:net";

import * as v from "valibot";
import { WebSocket } from "ws";

import type { Failure } from "../../core/failure.ts";
import { fromRelaySchema, type FromRelay } from "../../core/wire/relay.ts";
import { systemClock } from "../clock.ts";
import { createRelay, type Relay, type RelayLimits } from "../relay.ts";
import { readAllowedTarget } from "./targets.ts";

/** A page's end of the relay socket, as tests hold it. */
export type RelayClient = {
  readonly open: (target: string) => void;
  readonly send: (bytes: Uint8Array) => void;
  /** Sends over about two seconds, as a live source does; resolves when all is handed over. */
  readonly stream: (bytes: Uint8Array) => Promise<void>;
  readonly finish: () => void;
  /** The first progress, or throws with the failure that came instead. */
  readonly live: Promise<FromRelay>;
  /** How it ended: null as it should, a failure, or `cut` where no words came. */
  readonly ended: Promise<Failure | null | "cut">;
  readonly progress: () => Extract<FromRelay, { type: "progress" }> | null;
  readonly waitingBytes: () => number;
  readonly cut: () => void;
};

/** A relay service that listens on a port of its own. */
export type TestRelay = {
  readonly relay: Relay;
  readonly client: () => Promise<RelayClient>;
  readonly close: () => Promise<void>;
};

/** Starts a relay on loopback that may relay to `targets`. */
export async function startTestRelay(options: {
  readonly targets: readonly string[];
  readonly ffmpeg?: string;
  readonly limits?: Partial<RelayLimits>;
}): Promise<TestRelay> {
  const targets = options.targets.map((text) => {
    const read = readAllowedTarget(text);
    if (!read.ok) throw new Error(read.failure.next);
    return read.value;
  });
  const { ffmpeg = "ffmpeg", limits = {} } = options;
  const relay = createRelay(systemClock, { targets, ffmpeg, limits });
  const server = createServer();
  server.on("upgrade", relay.upgrade);
  const port = await listenAnywhere(server);
  return {
    relay,
    client: async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/relay`);
      const client = createClient(socket);
      await once(socket, "open");
      return client;
    },
    close: async () => {
      relay.close();
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

function createClient(socket: WebSocket): RelayClient {
  let last: Extract<FromRelay, { type: "progress" }> | null = null;
  const live = deferred<FromRelay>();
  const ended = deferred<Failure | null | "cut">();
  socket.on("message", (data: Buffer) => {
    const message = v.parse(fromRelaySchema, JSON.parse(data.toString("utf8")));
    if (message.type === "progress") {
      last = message;
      live.resolve(message);
    } else {
      ended.resolve(message.failure);
      live.reject(new Error(JSON.stringify(message.failure)));
    }
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    ended.resolve("cut");
    live.reject(new Error("closed"));
  });
  live.promise.catch(() => undefined);
  return {
    open: (target) => socket.send(JSON.stringify({ type: "open", target })),
    send: (bytes) => socket.send(bytes),
    stream: (bytes) => streamTo(socket, bytes),
    finish: () => socket.send(JSON.stringify({ type: "finish" })),
    live: live.promise,
    ended: ended.promise,
    progress: () => last,
    waitingBytes: () => socket.bufferedAmount,
    cut: () => socket.terminate(),
  };
}

function streamTo(socket: WebSocket, bytes: Uint8Array): Promise<void> {
  const pieceBytes = Math.ceil(bytes.length / 50);
  let at = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (socket.readyState === socket.OPEN) socket.send(bytes.subarray(at, at + pieceBytes));
      at += pieceBytes;
      if (at < bytes.length && socket.readyState === socket.OPEN) return;
      clearInterval(timer);
      resolve();
    }, 40);
  });
}

type Settled<Value> = {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: Error) => void;
};

function deferred<Value>(): Settled<Value> {
  const holder: { resolve?: Settled<Value>["resolve"]; reject?: Settled<Value>["reject"] } = {};
  const promise = new Promise<Value>((resolve, reject) => {
    holder.resolve = resolve;
    holder.reject = reject;
  });
  return {
    promise,
    resolve: (value) => holder.resolve?.(value),
    reject: (error) => holder.reject?.(error),
  };
}

async function listenAnywhere(server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A port that nothing listens on, for a program that is to. */
export async function freePort(): Promise<number> {
  const server = createTcp();
  const port = await listenAnywhere(server);
  await new Promise((resolve) => void server.close(resolve));
  return port;
}

/** A real ffmpeg that listens for one stream and tells what came. */
export type TestListener = {
  /** Presentation times of all pictures, seconds; resolves when the stream is over. */
  readonly times: Promise<readonly number[]>;
  readonly child: ChildProcess;
};

/** Starts ffprobe as a listener: it reads packets from whoever connects and prints their times. */
export function listenWithFfprobe(url: string, format: string): TestListener {
  const listen = format === "flv" ? ["-listen", "1"] : [];
  const shown = ["-show_entries", "packet=pts_time", "-of", "csv=p=0"];
  const child = spawn("ffprobe", ["-v", "error", ...listen, "-f", format, ...shown, "-i", url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const times = once(child, "close").then(() =>
    said
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => Number.parseFloat(line)),
  );
  return { times, child };
}

/** A Matroska stream of H.264 pictures at 25 a second, without reordering, as a page makes it. */
export async function makeStream(durationS: number, kbps = 300): Promise<Buffer> {
  const picture = ["-f", "lavfi", "-i", `testsrc2=size=320x180:rate=25:duration=${durationS}`];
  const rate = ["-b:v", `${kbps}k`, "-minrate", `${kbps}k`, "-maxrate", `${kbps}k`, "-bufsize", `${kbps}k`];
  const codec = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "25"];
  const nal = ["-x264-params", "nal-hrd=cbr:force-cfr=1"];
  const out = ["-f", "matroska", "-live", "1", "pipe:1"];
  const args = ["-v", "error", ...picture, ...codec, ...rate, ...nal, ...out];
  const child = spawn("ffmpeg", args, { stdio: ["ignore", "pipe", "inherit"] });
  const pieces: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
  await once(child, "close");
  return Buffer.concat(pieces);
}
