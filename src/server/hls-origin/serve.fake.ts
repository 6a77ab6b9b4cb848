import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";

import * as v from "valibot";

import {
  reduceLive,
  startLive,
  toMediaPlaylist,
  type LiveOptions,
  type LivePlaylist,
} from "../../core/hls/live.ts";
import { writeMediaPlaylist } from "../../core/hls/write.ts";
import { refusalSchema, type HlsCreated } from "../../core/wire/upload.ts";
import type { ServerClock } from "../clock.ts";
import { createHlsOrigin, type HlsOrigin } from "../hls-origin.ts";
import type { OriginLimits } from "./limits.ts";

/** A stream of an origin under test, with its publisher's hands. */
export type TestStream = HlsCreated & {
  readonly put: (name: string, body: string | Uint8Array, token?: string) => Promise<Response>;
  /** As a player asks; `name` may carry a query. */
  readonly get: (name: string, headers?: Readonly<Record<string, string>>) => Promise<Response>;
};

/** An origin that listens on a port of its own. */
export type TestOrigin = {
  readonly origin: HlsOrigin;
  readonly port: number;
  readonly url: string;
  readonly create: (putToken?: string) => Promise<TestStream>;
  /** Sends bytes as they are and resolves with all that comes back until the connection ends. */
  readonly sendRaw: (text: string) => Promise<string>;
  /** Resolves once so many requests wait for news. */
  readonly untilWaiting: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Starts an origin for tests, on any free port of the loopback address. */
export async function startOrigin(
  options: { readonly limits?: Partial<OriginLimits>; readonly clock?: ServerClock } = {},
): Promise<TestOrigin> {
  const origin = createHlsOrigin(options);
  const server = createServer((request, response) => {
    if (origin.handle(request, response) === false) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    origin,
    port,
    url,
    create: (putToken) => createTestStream(url, putToken),
    sendRaw: (text) => sendRaw(port, text),
    untilWaiting: async (count) => {
      while (origin.census().waitingCount !== count) await new Promise(setImmediate);
    },
    close: async () => {
      origin.close();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

async function createTestStream(url: string, putToken: string | undefined): Promise<TestStream> {
  const body = putToken === undefined ? "" : JSON.stringify({ putToken });
  const response = await fetch(`${url}/api/hls`, { method: "POST", body });
  if (!response.ok) throw new Error(`no stream: ${response.status} ${await response.text()}`);
  const created = (await response.json()) as HlsCreated;
  return {
    ...created,
    put: (name, content, token = created.putToken) =>
      fetch(`${url}${created.putPath}${name}`, {
        method: "PUT",
        body: content,
        headers: { authorization: `Bearer ${token}` },
      }),
    get: (name, headers = {}) => fetch(`${url}${created.putPath}${name}`, { headers }),
  };
}

function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.setEncoding("latin1");
    socket.on("data", (chunk) => {
      answer += String(chunk);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
  });
}

/** A refusal's status, its body checked to be a `Failure`. */
export async function refusalOf(response: Response): Promise<number> {
  v.parse(refusalSchema, await response.json());
  return response.status;
}

/** A low-latency playlist of one-second segments of five parts, `partCount` parts longer than `from`. */
export function liveWith(partCount: number, from?: LivePlaylist): LivePlaylist {
  const map = { uri: "init.mp4", byteRange: null };
  let live = from ?? startLive(liveOptions, map);
  for (let made = 0; made < partCount; made += 1) {
    const msn = live.mediaSequence + live.segments.length;
    const index = live.open.parts.length;
    const hintUri = index < 4 ? `${msn}.${index + 1}.m4s` : `${msn + 1}.0.m4s`;
    const part = { durationS: 0.2, isIndependent: index === 0, hintUri };
    live = reduceLive(live, { kind: "part", uri: `${msn}.${index}.m4s`, ...part });
    if (index === 4) live = reduceLive(live, { kind: "segment", uri: `${msn}.m4s`, durationS: 1, hintUri });
  }
  return live;
}

/** A live playlist as it is put. */
export function textOf(live: LivePlaylist): string {
  return writeMediaPlaylist(toMediaPlaylist(live));
}

const liveOptions: LiveOptions = {
  targetDurationS: 1,
  partTargetS: 0.2,
  windowSegmentCount: 4,
  canBlockReload: true,
  canSkip: true,
};
