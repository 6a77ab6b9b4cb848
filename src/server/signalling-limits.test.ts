import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { createFakeClock } from "./clock.fake.ts";
import { joinRoom, openRoom, startTestServer, type TestServer } from "./serve.fake.ts";
import { defaultSignalLimits, type SignalLimits } from "./signalling.ts";

let clock: ReturnType<typeof createFakeClock>;
let server: TestServer;

beforeEach(async () => {
  clock = createFakeClock();
  server = await startTestServer({ clock });
});
afterEach(async () => {
  await server.close();
});

async function restart(limits: Partial<SignalLimits>): Promise<void> {
  await server.close();
  server = await startTestServer({ clock, limits });
}

describe("the server", () => {
  it("answers clock exchanges from its own clock", async () => {
    const client = await server.client();
    clock.advance(1234.567);
    client.send({ type: "clock", t1Us: 42 });
    const serverUs = clock.epochUs();
    expect(await client.next()).toEqual({ type: "clock", t1Us: 42, t2Us: serverUs, t3Us: serverUs });
  });

  it("bounds rooms and receivers", async () => {
    await restart({ rooms: { ...defaultSignalLimits.rooms, maxRooms: 1, maxReceivers: 1 } });
    const { join } = await openRoom(server);
    await joinRoom(server, join);
    const late = await server.client();
    late.send({ type: "join", join });
    expect(await late.next()).toMatchObject({ reason: "room-full", final: false });
    late.send({ type: "open" });
    expect(await late.next()).toMatchObject({ reason: "server-full", final: false });
  });

  it("bounds the rooms of one address, and says so", async () => {
    await restart({ rooms: { ...defaultSignalLimits.rooms, maxRoomsPerAddress: 1 } });
    const first = await openRoom(server);
    const second = await server.client();
    second.send({ type: "open" });
    expect(await second.next()).toMatchObject({
      reason: "server-full",
      final: false,
      words: expect.stringContaining("one address") as string,
    });
    first.sender.send({ type: "bye" });
    await expect
      .poll(async () => {
        second.send({ type: "open" });
        return (await second.next()).type;
      })
      .toBe("opened");
  });

  it("soon drops a room that nobody ever joined, and later one that was; either comes back by its key", async () => {
    await restart({ rooms: { ...defaultSignalLimits.rooms, unjoinedGraceMs: 4000, graceMs: 8000 } });
    const unjoined = await openRoom(server);
    const wasJoined = await openRoom(server);
    const { receiver } = await joinRoom(server, wasJoined.join);
    await wasJoined.sender.expect("peer-joined");
    receiver.cut();
    await wasJoined.sender.expect("peer-left");
    for (const { sender } of [unjoined, wasJoined]) sender.cut();
    await expect
      .poll(async () => (await fetch(`${server.origin}/healthz`)).json())
      .toMatchObject({ rooms: 2, connections: 0 });
    const stranger = await server.client();
    const isThere = async (join: string): Promise<boolean> => {
      stranger.send({ type: "open", join });
      const answer = await stranger.next();
      return answer.type === "refused" && answer.reason === "room-taken";
    };
    const areThere = async () => [await isThere(unjoined.join), await isThere(wasJoined.join)];
    clock.advance(4000);
    expect(await areThere()).toEqual([false, true]);
    clock.advance(4000);
    expect(await areThere()).toEqual([false, false]);
    for (const { join, ownerKey } of [unjoined, wasJoined]) {
      const back = await server.client();
      back.send({ type: "open", join, ownerKey });
      expect(await back.expect("opened")).toMatchObject({ join });
    }
  });

  it("bounds connections from one address and counts those that left", async () => {
    await restart({ maxConnectionsPerAddress: 1 });
    const first = await server.client();
    await expect(server.client()).rejects.toThrow("503");
    first.cut();
    await first.closed;
    await expect.poll(() => server.client().then(() => "in", String)).toBe("in");
  });

  it("finds a dead connection and frees its place", async () => {
    const { sender, join } = await openRoom(server);
    const dead = await server.client({ autoPong: false });
    dead.send({ type: "join", join });
    await dead.expect("joined");
    await sender.expect("peer-joined");
    for (let seconds = 0; seconds < 12; seconds += 4) {
      const pings = sender.pings();
      clock.advance(4000);
      await expect.poll(() => sender.pings()).toBe(pings + 1);
      // A pong is on its way back once the next answer is here: the socket keeps order.
      sender.send({ type: "clock", t1Us: 0 });
      await sender.expect("clock");
    }
    clock.advance(4000);
    await sender.expect("peer-left");
    expect(await dead.closed).toBe(1006);
  });

  it("closes connections that come for nothing", async () => {
    await restart({ loiterMs: 4000 });
    const client = await server.client();
    clock.advance(4000);
    expect(await client.next()).toMatchObject({ type: "refused", reason: "idle" });
    expect(await client.closed).toBe(1000);
  });

  it("says that it goes away", async () => {
    const client = await server.client();
    await server.close();
    expect(await client.closed).toBe(1001);
    server = await startTestServer({ clock });
  });

  it("takes no socket from a foreign page", async () => {
    await expect(server.client({ origin: "https://elsewhere.test" })).rejects.toThrow("403");
    await expect(server.client({ origin: server.origin })).resolves.toBeDefined();
  });
});
