import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, expect, it } from "vitest";
import { WebSocket } from "ws";

import type { FromServer } from "../../core/wire/signalling.ts";
import { createStreamgaugeServer, type StreamgaugeServer } from "../../server/server.ts";
import { createFakeKeys } from "./signalling.fake.ts";
import { openSignalling, type RoomRole, type Signalling, type SignallingState } from "./signalling.ts";
import { realTimers } from "./timers.ts";
import { webSocketWire, type SocketConstructor } from "./wire.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).toReversed()) end();
});

type Running = { readonly port: number; readonly stop: () => Promise<void> };

async function startServer(port: number): Promise<Running> {
  const service: StreamgaugeServer = createStreamgaugeServer({
    page: (_request, _response, next) => next(),
    pageMode: "built",
    version: "0",
    names: [],
    iceServers: [],
    turnSecret: null,
  });
  const http: Server = createServer();
  http.on("upgrade", service.upgrade);
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
  const stop = async (): Promise<void> => {
    service.close();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  };
  return { port: (http.address() as AddressInfo).port, stop };
}

/** Opens a link and keeps what it tells until it is asked for. */
function open(port: number, role: RoomRole) {
  const told: (SignallingState | FromServer)[] = [];
  const waiting: (() => void)[] = [];
  const tell = (news: SignallingState | FromServer): void => {
    told.push(news);
    for (const wake of waiting.splice(0)) wake();
  };
  const signalling: Signalling = openSignalling({
    role,
    connect: webSocketWire(`ws://127.0.0.1:${port}/ws/signal`, WebSocket as unknown as SocketConstructor),
    timers: realTimers,
    random: () => 0.5,
    whenOnline: () => () => undefined,
    onState: tell,
    onMessage: tell,
  });
  ends.push(() => signalling.close("silently"));
  const next = async (word: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const news = told.shift();
      if (news === undefined) await new Promise<void>((resolve) => waiting.push(resolve));
      else if (("state" in news ? news.state : news.type) === word) return news;
    }
  };
  return { signalling, next };
}

it("a sender and a receiver speak through the real server, and again after it was restarted", async () => {
  const first = await startServer(0);
  const keys = createFakeKeys();
  const sender = open(first.port, { kind: "sender", keys });
  const { join } = (await sender.next("in-room")) as { join: string };
  const receiver = open(first.port, { kind: "receiver", join });
  await receiver.next("joined");
  receiver.signalling.send({ type: "signal", signal: { kind: "here" } });
  expect(await sender.next("signal")).toMatchObject({ signal: { kind: "here" } });
  receiver.signalling.sendNow({ type: "clock", t1Us: 5 });
  expect(await receiver.next("clock")).toMatchObject({ t1Us: 5 });

  await first.stop();
  await Promise.all([sender.next("away"), receiver.next("away")]);
  const second = await startServer(first.port);
  ends.push(() => void second.stop());
  expect(await sender.next("in-room")).toMatchObject({ join });
  await receiver.next("in-room");
  receiver.signalling.send({ type: "signal", signal: { kind: "again" } });
  expect(await sender.next("signal")).toMatchObject({ signal: { kind: "again" } });
});

it("a sender that stops and starts again, in this page or another one, has its code and its receiver back", async () => {
  const server = await startServer(0);
  ends.push(() => void server.stop());
  const keys = createFakeKeys();
  const sender = open(server.port, { kind: "sender", keys });
  const { join } = (await sender.next("in-room")) as { join: string };
  const receiver = open(server.port, { kind: "receiver", join });
  await receiver.next("joined");
  await sender.next("peer-joined");
  sender.signalling.close("saying so");
  expect(await receiver.next("sender-away")).toMatchObject({ stopped: true });
  const again = open(server.port, { kind: "sender", keys });
  expect(await again.next("in-room")).toMatchObject({ join });
  await receiver.next("sender-here");
});

it("a receiver with a wrong code is refused in words", async () => {
  const server = await startServer(0);
  ends.push(() => void server.stop());
  const receiver = open(server.port, { kind: "receiver", join: "ZZZZZZZZ" });
  expect(await receiver.next("refused")).toMatchObject({ failure: { kind: "refused-input" } });
});

it("a server that is not there is told as away, with the reason", async () => {
  const server = await startServer(0);
  await server.stop();
  const receiver = open(server.port, { kind: "receiver", join: "ZZZZZZZZ" });
  expect(await receiver.next("away")).toMatchObject({ why: "the server cannot be reached" });
});
