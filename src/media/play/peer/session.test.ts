import { describe, expect, it } from "vitest";

import type { Failure } from "../../../core/failure.ts";
import { deadAfterMs, leftPatienceMs, maxReceiverCount } from "../../publish/peer/receivers.ts";
import type { PlayState } from "../way.ts";
import { interruptedPatienceMs, silencePatienceMs } from "./patience.ts";
import { createFakeRoom as createRoom } from "./room.fake.ts";

const last = (states: readonly PlayState[]): string | undefined => states.at(-1)?.state;

describe("a receiver and its sender", () => {
  it("connect, and the sender's clock answers", async () => {
    const room = createRoom();
    room.openSender();
    const receiver = room.openReceiver("receiver-1");
    await room.run(1500);
    expect(last(receiver.states)).toBe("connected");
    expect(receiver.trackCount()).toBe(1);
    expect(room.peers().map(({ state }) => state)).toEqual(["connected"]);
    expect(JSON.parse(receiver.heard[0] ?? "{}")).toMatchObject({ type: "pong" });
  });

  it("find each other when the sender comes later", async () => {
    const room = createRoom();
    const receiver = room.openReceiver("receiver-1");
    await room.run(500);
    expect(last(receiver.states)).toBe("waiting");
    room.openSender();
    await room.run(500);
    expect(last(receiver.states)).toBe("connected");
  });

  it("connect anew when the sender's page was reloaded", async () => {
    const room = createRoom();
    room.openSender();
    const receiver = room.openReceiver("receiver-1");
    await room.run(500);
    room.network.breakAll("the other side closed the connection");
    room.openSender();
    await room.run(1000);
    expect(last(receiver.states)).toBe("connected");
    expect(receiver.trackCount()).toBe(2);
  });

  it("keep a link that heals by itself and replace one that does not", async () => {
    const room = createRoom();
    room.openSender();
    const receiver = room.openReceiver("receiver-1");
    await room.run(500);
    room.network.cut();
    await room.run(interruptedPatienceMs / 2);
    expect(last(receiver.states)).toBe("lost");
    room.network.heal();
    await room.run(200);
    expect(last(receiver.states)).toBe("connected");
    expect(receiver.trackCount()).toBe(1);
    room.network.cut();
    await room.run(interruptedPatienceMs + 500);
    room.network.heal();
    await room.run(8000);
    expect(last(receiver.states)).toBe("connected");
    expect(receiver.trackCount()).toBe(2);
  });

  it("replace a link over which nothing is heard although it claims to stand", async () => {
    const room = createRoom();
    room.openSender();
    const receiver = room.openReceiver("receiver-1");
    await room.run(500);
    room.network.setLossRatio(1);
    await room.run(silencePatienceMs + 1000);
    room.network.setLossRatio(0);
    await room.run(5000);
    expect(receiver.trackCount()).toBeGreaterThan(1);
    expect(last(receiver.states)).toBe("connected");
  });

  it("keep their link while the server is away", async () => {
    const room = createRoom();
    const sender = room.openSender();
    const receiver = room.openReceiver("receiver-1");
    await room.run(500);
    receiver.session.onSignalling({ state: "away", why: "gone", refusal: null, retryInMs: 500 });
    sender.left("receiver-1");
    await room.run(leftPatienceMs + 1000);
    receiver.session.onSignalling({ state: "in-room", join: "ABCD1234", peerId: "receiver-9" });
    receiver.session.onMessage({ type: "joined", peerId: "receiver-9", senderHere: true, facts: null });
    await room.run(1000);
    expect(last(receiver.states)).toBe("connected");
    expect(receiver.trackCount()).toBe(1);
  });

  it("wait for each other when the sender stops, even while the room is gone, and go on when it starts", async () => {
    const room = createRoom();
    const sender = room.openSender();
    const receiver = room.openReceiver("receiver-1");
    await room.run(500);
    sender.close("the sender stopped");
    receiver.session.onMessage({ type: "sender-away", stopped: true });
    await room.run(1000);
    const waiting = { state: "waiting", why: "the sender stopped; waiting for it" };
    expect(receiver.states.at(-1)).toEqual(waiting);
    expect(receiver.links.at(-1)).toBeNull();
    const before = receiver.states.length;
    for (let tries = 0; tries < 3; tries += 1) {
      receiver.session.onSignalling({ state: "no-room", retryInMs: 20_000 });
      receiver.session.onSignalling({ state: "connecting" });
    }
    expect(receiver.states).toHaveLength(before);
    receiver.session.onSignalling({ state: "in-room", join: "ABCD1234", peerId: "receiver-1" });
    receiver.session.onMessage({ type: "joined", peerId: "receiver-1", senderHere: false, facts: null });
    expect(receiver.states.at(-1)).toEqual(waiting);
    room.openSender();
    await room.run(1000);
    expect(last(receiver.states)).toBe("connected");
    expect(receiver.ends).toEqual([]);
  });

  it("fail with the server's refusal", () => {
    const room = createRoom();
    const receiver = room.openReceiver("receiver-1");
    const failure: Failure = { kind: "refused-input", what: "no room", where: "room", next: "check" };
    receiver.session.onSignalling({ state: "refused", failure });
    expect(receiver.ends).toEqual([failure]);
  });

  it.each([
    {},
    { kind: "data" },
    { kind: "data", session: "nobody-here", data: { type: "answer", sdp: "" } },
  ])("are not disturbed by a signal that is none of theirs (%#)", async (signal) => {
    const room = createRoom();
    const sender = room.openSender();
    const receiver = room.openReceiver("receiver-1");
    await room.run(500);
    sender.hear("receiver-1", signal);
    receiver.session.onMessage({ type: "signal", from: "sender", signal });
    await room.run(500);
    expect(last(receiver.states)).toBe("connected");
  });
});

describe("a receiver that cannot decode what is offered", () => {
  it("says so at both ends and asks again only when the sender returns with another offer", async () => {
    const room = createRoom();
    room.network.setAnswer("m=video 0 UDP/TLS/RTP/SAVPF 96");
    room.openSender();
    const receiver = room.openReceiver("receiver-1");
    await room.run(500);
    expect(receiver.states.at(-1)).toMatchObject({ state: "lost" });
    expect(room.peers()[0]).toMatchObject({ state: "lost", why: "its browser cannot decode this codec" });
    await room.run(20_000);
    expect(receiver.states.filter(({ state }) => state === "lost")).toHaveLength(1);
    room.network.setAnswer(null);
    room.openSender();
    await room.run(1000);
    expect(last(receiver.states)).toBe("connected");
  });
});

describe("a sender", () => {
  it("serves as many as it may and tells the next one why it waits", async () => {
    const room = createRoom();
    room.openSender();
    const first = room.openReceiver("receiver-0");
    for (let n = 1; n < maxReceiverCount; n += 1) room.openReceiver(`receiver-${n}`);
    await room.run(500);
    const late = room.openReceiver("receiver-late");
    await room.run(500);
    expect(late.states.at(-1)).toMatchObject({ state: "waiting" });
    first.session.close();
    await room.run(20_000);
    expect(last(late.states)).toBe("connected");
  });

  it("lets go of a receiver that left the room and fell silent", async () => {
    const room = createRoom();
    const sender = room.openSender();
    room.openReceiver("receiver-1");
    await room.run(500);
    room.mute("receiver-1");
    sender.left("receiver-1");
    await room.run(2 * leftPatienceMs);
    expect(room.peers()).toEqual([]);
  });

  it("takes a receiver for lost that has been silent for long", async () => {
    const room = createRoom();
    const sender = room.openSender();
    room.openReceiver("receiver-1");
    await room.run(500);
    room.mute("receiver-1");
    await room.run(deadAfterMs + 500);
    expect(room.peers()[0]?.state).not.toBe("connected");
    expect(sender.connected()).toEqual([]);
  });

  it("leaves no link open when it closes", async () => {
    const room = createRoom();
    const sender = room.openSender();
    room.openReceiver("receiver-1");
    room.openReceiver("receiver-2");
    await room.run(500);
    sender.close("the sender ended the stream");
    await room.run(100);
    for (const session of room.sessions()) session.close();
    expect(room.network.openCount()).toBe(0);
  });
});
