import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { StreamFacts } from "../core/wire/signalling.ts";
import { createFakeClock } from "./clock.fake.ts";
import { joinRoom, openRoom, startTestServer, tooLarge, type TestServer } from "./serve.fake.ts";
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

const facts: StreamFacts = {
  runNumber: 7,
  scene: "builtin",
  seed: 1,
  widthPx: 1280,
  heightPx: 720,
  fps: 30,
  codec: "h264",
  bitrateKbps: 2500,
  clock: null,
};

describe("a room", () => {
  it("carries signals both ways and says who came and went", async () => {
    const { sender, join, peerId: senderId } = await openRoom(server);
    const { receiver, peerId } = await joinRoom(server, join);
    expect(await sender.expect("peer-joined")).toEqual({ type: "peer-joined", peerId });
    sender.send({ type: "signal", to: peerId, signal: { sdp: "offer" } });
    expect(await receiver.next()).toEqual({ type: "signal", from: senderId, signal: { sdp: "offer" } });
    receiver.send({ type: "signal", signal: { sdp: "answer" } });
    expect(await sender.next()).toEqual({ type: "signal", from: peerId, signal: { sdp: "answer" } });
    receiver.cut();
    expect(await sender.next()).toEqual({ type: "peer-left", peerId });
  });

  it("keeps several receivers apart and gives each the facts", async () => {
    const { sender, join } = await openRoom(server);
    const early = await joinRoom(server, join);
    await sender.expect("peer-joined");
    sender.send({ type: "facts", facts });
    expect((await early.receiver.expect("facts")).facts).toEqual(facts);
    const late = await server.client();
    late.send({ type: "join", join });
    const joined = await late.expect("joined");
    expect(joined).toMatchObject({ senderHere: true, facts });
    sender.send({ type: "signal", to: joined.peerId, signal: { only: "late" } });
    expect(await late.next()).toMatchObject({ type: "signal", signal: { only: "late" } });
    early.receiver.send({ type: "signal", to: joined.peerId, signal: {} });
    expect(await early.receiver.next()).toMatchObject({ type: "refused", reason: "not-in-room" });
  });

  it("waits for its sender, who takes it back with the key", async () => {
    const { sender, join, ownerKey } = await openRoom(server);
    const { receiver, peerId } = await joinRoom(server, join);
    sender.cut();
    await receiver.expect("sender-away");
    const back = await server.client();
    back.send({ type: "open", join, ownerKey });
    expect(await back.expect("opened")).toMatchObject({ join, ownerKey });
    expect(await back.next()).toEqual({ type: "peer-joined", peerId });
    expect(await receiver.next()).toEqual({ type: "sender-here" });
  });

  it("goes to the newer of two pages that hold its key", async () => {
    const { sender, join, ownerKey } = await openRoom(server);
    const twin = await server.client();
    twin.send({ type: "open", join, ownerKey });
    await twin.expect("opened");
    expect(await sender.next()).toMatchObject({ type: "refused", reason: "room-taken", final: true });
  });

  it("stands again after the server was restarted", async () => {
    const { join, ownerKey } = await openRoom(server);
    await restart({});
    const back = await server.client();
    back.send({ type: "open", join, ownerKey });
    expect(await back.expect("opened")).toMatchObject({ join, ownerKey });
    await joinRoom(server, join);
  });

  it("keeps its receivers waiting for a sender that stopped or stays away, and gives it back to the key", async () => {
    await restart({ rooms: { ...defaultSignalLimits.rooms, graceMs: 4000 } });
    const { sender, join, ownerKey } = await openRoom(server);
    const { receiver, peerId } = await joinRoom(server, join);
    await sender.expect("peer-joined");
    sender.send({ type: "facts", facts });
    await receiver.expect("facts");
    sender.send({ type: "bye" });
    expect(await receiver.next()).toEqual({ type: "sender-away", stopped: true });
    clock.advance(4000);
    const late = await server.client();
    late.send({ type: "join", join });
    expect(await late.expect("joined")).toMatchObject({ senderHere: false, facts: null });
    late.cut();
    sender.send({ type: "open", join, ownerKey });
    await sender.expect("opened");
    expect(await sender.next()).toEqual({ type: "peer-joined", peerId });
    expect(await receiver.next()).toEqual({ type: "sender-here" });
  });

  it("ends at once with a sender that stops while nobody is there", async () => {
    const { sender, join } = await openRoom(server);
    sender.send({ type: "bye" });
    sender.send({ type: "join", join });
    expect(await sender.next()).toMatchObject({ type: "refused", reason: "no-such-room" });
  });

  it("is dropped when its receivers waited for very long", async () => {
    await restart({ rooms: { ...defaultSignalLimits.rooms, idleMs: 8000 } });
    const { sender, join } = await openRoom(server);
    const { receiver } = await joinRoom(server, join);
    sender.cut();
    await receiver.expect("sender-away");
    clock.advance(8000);
    expect(await receiver.next()).toMatchObject({ type: "room-ended" });
  });

  it("is dropped when nobody joins for long", async () => {
    await restart({ rooms: { ...defaultSignalLimits.rooms, idleMs: 8000 } });
    const { sender } = await openRoom(server);
    clock.advance(8000);
    expect(await sender.next()).toMatchObject({ type: "refused", reason: "idle", final: true });
  });
});

describe("a stranger", () => {
  it("cannot open a room that is gone under a key of their own", async () => {
    const { sender, join, ownerKey } = await openRoom(server);
    sender.send({ type: "bye" });
    const second = await server.client();
    second.send({ type: "open", join, ownerKey: "A".repeat(32) });
    expect(await second.next()).toMatchObject({ type: "refused", reason: "no-such-room" });
    sender.send({ type: "open", join, ownerKey });
    await sender.expect("opened");
  });

  it.each([
    ["a code that does not exist", {}, "no-such-room"],
    ["a code written wrongly", { join: "nonsense" }, "bad-message"],
  ])("is told of %s", async (_name, change, reason) => {
    const client = await server.client();
    client.sendRaw(JSON.stringify({ type: "join", join: "00000000", ...change }));
    expect(await client.next()).toMatchObject({ type: "refused", reason });
  });

  it.each([
    ["no key", undefined],
    ["a wrong key", "A".repeat(32)],
  ])("cannot take a room with %s", async (_name, ownerKey) => {
    const { join } = await openRoom(server);
    const second = await server.client();
    second.send({ type: "open", join, ...(ownerKey === undefined ? {} : { ownerKey }) });
    expect(await second.next()).toMatchObject({ type: "refused", reason: "room-taken", final: true });
  });

  it("cannot go on guessing codes, not even the right one", async () => {
    const { join } = await openRoom(server);
    const guesser = await server.client();
    for (let tries = 0; tries < 20; tries += 1) {
      guesser.send({ type: "join", join: "00000000" });
      expect(await guesser.next()).toMatchObject({ reason: "no-such-room" });
    }
    guesser.send({ type: "join", join });
    expect(await guesser.next()).toMatchObject({ reason: "too-many-tries", final: false });
    clock.advance(4000);
    guesser.send({ type: "join", join });
    await guesser.expect("joined");
  });

  it("cannot signal from outside a room", async () => {
    const client = await server.client();
    client.send({ type: "signal", signal: {} });
    expect(await client.next()).toMatchObject({ type: "refused", reason: "not-in-room" });
  });
});

describe("a message", () => {
  it.each([
    ["garbage", "}{"],
    ["no message of ours", '{"type":"shout"}'],
    ["more than was agreed", '{"type":"bye","extra":1}'],
    ["deeply nested", `{"type":"signal","signal":{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}}`],
    ["binary", Buffer.from([1, 2, 3])],
  ])("that is %s is refused and breaks nothing", async (_name, data) => {
    const { sender, join } = await openRoom(server);
    sender.sendRaw(data);
    expect(await sender.next()).toMatchObject({ type: "refused", reason: "bad-message", final: false });
    await joinRoom(server, join);
    await sender.expect("peer-joined");
  });

  it("that is too large is refused in words", async () => {
    const client = await server.client();
    client.sendRaw(tooLarge);
    expect(await client.next()).toMatchObject({ type: "refused", reason: "too-large" });
  });

  it("that is far too large closes the connection", async () => {
    const client = await server.client();
    client.sendRaw(tooLarge.repeat(5));
    expect(await client.closed).toBe(1009);
  });

  it("too many of them close the connection", async () => {
    await restart({ messages: { burst: 3, perS: 1 } });
    const client = await server.client();
    for (let count = 0; count < 4; count += 1) client.send({ type: "clock", t1Us: count });
    for (let count = 0; count < 3; count += 1) await client.expect("clock");
    expect(await client.next()).toMatchObject({ type: "refused", reason: "too-many-tries" });
    expect(await client.closed).toBe(1008);
  });

  it("not understood again and again closes the connection", async () => {
    const client = await server.client();
    for (let count = 0; count < defaultSignalLimits.maxBadMessages; count += 1) client.sendRaw("?");
    expect(await client.closed).toBe(1008);
  });
});
