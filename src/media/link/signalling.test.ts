import { describe, expect, it } from "vitest";

import { fetchConfig } from "./config.ts";
import { refusalFailure } from "./refusal.ts";
import { firstRetryMs, longestNoRoomRetryMs, longestRetryMs, retryDelayMs } from "./retry.ts";
import { createFakeKeys, createFakeServer } from "./signalling.fake.ts";
import {
  maxQueuedCount,
  openSignalling,
  silenceMs,
  type RoomRole,
  type SignallingState,
} from "./signalling.ts";
import { createFakeTimers } from "./timers.fake.ts";

const join = "ABCD1234";
const opened = {
  type: "opened",
  join,
  ownerKey: "k".repeat(22),
  peerId: "sender-0001",
} as const;
const joined = { type: "joined", peerId: "receiver-01", senderHere: true, facts: null } as const;
const noRoom = { type: "refused", reason: "no-such-room", words: "", final: true } as const;

function setUp(given: Pick<RoomRole, "kind">) {
  const timers = createFakeTimers();
  const server = createFakeServer();
  const keys = createFakeKeys();
  const role: RoomRole = given.kind === "sender" ? { kind: "sender", keys } : { kind: "receiver", join };
  const states: SignallingState[] = [];
  let online: (() => void) | null = null;
  const signalling = openSignalling({
    role,
    connect: server.connect,
    timers,
    random: () => 0,
    whenOnline: (call) => {
      online = call;
      return () => undefined;
    },
    onState: (state) => states.push(state),
    onMessage: () => undefined,
  });
  return { timers, server, keys, states, signalling, online: () => online?.() };
}

describe("a signalling link", () => {
  it("opens a room and takes it back with its key after the link was lost", () => {
    const { server, timers, states } = setUp({ kind: "sender" });
    server.accept();
    server.say(opened);
    server.drop("the server is going away");
    timers.advance(firstRetryMs);
    server.accept();
    expect(server.sent()).toEqual([{ type: "open" }, { type: "open", join, ownerKey: opened.ownerKey }]);
    expect(states.map(({ state }) => state)).toEqual(["connecting", "in-room", "away", "connecting"]);
  });

  it.each(["no-such-room", "room-taken"] as const)(
    "opens a new room where its key opens none (%s)",
    (reason) => {
      const { server, keys } = setUp({ kind: "sender" });
      keys.write({ join, ownerKey: opened.ownerKey });
      server.accept();
      server.say({ ...noRoom, reason });
      expect(server.sent().at(-1)).toEqual({ type: "open" });
    },
  );

  it("keeps its key when it stops, and says that it does", () => {
    const { server, keys, signalling } = setUp({ kind: "sender" });
    server.accept();
    server.say(opened);
    signalling.close("saying so");
    expect(server.sent().at(-1)).toEqual({ type: "bye" });
    expect(keys.read()).toEqual({ join, ownerKey: opened.ownerKey });
  });

  it("gives way to another page that took its room with its key", () => {
    const { server, states } = setUp({ kind: "sender" });
    server.accept();
    server.say(opened);
    server.say({ ...noRoom, reason: "room-taken" });
    expect(states.at(-1)?.state).toBe("refused");
  });

  it("keeps what is said while away, bounded, and says it in order when back", () => {
    const { server, signalling } = setUp({ kind: "receiver" });
    for (let n = 0; n < maxQueuedCount + 3; n += 1) signalling.send({ type: "signal", signal: { n } });
    expect(signalling.sendNow({ type: "clock", t1Us: 1 })).toBe(false);
    server.accept();
    server.say(joined);
    const [first, ...signals] = server.sent();
    expect(first).toEqual({ type: "join", join });
    expect(signals).toHaveLength(maxQueuedCount);
    expect(signals[0]).toEqual({ type: "signal", signal: { n: 3 } });
  });

  it("gives up on a wrong code at once, with words of its own", () => {
    const { server, states, timers } = setUp({ kind: "receiver" });
    server.accept();
    server.say(noRoom);
    timers.advance(600_000);
    expect(states.at(-1)).toMatchObject({ state: "refused", failure: { kind: "refused-input" } });
    expect(server.wireCount()).toBe(1);
  });

  it("tries again later where the room is full for now, and keeps the refusal's own words", () => {
    const { server, states, timers } = setUp({ kind: "receiver" });
    server.accept();
    server.say({ ...noRoom, reason: "room-full", final: false });
    expect(states.at(-1)).toMatchObject({ state: "away", refusal: { where: "room ABCD-1234" } });
    timers.advance(firstRetryMs);
    server.drop("gone");
    expect(states.at(-1)).toMatchObject({ state: "away", refusal: null });
  });

  it("asks for a room it was in until it is left, ever more rarely, and goes on when the sender is back", () => {
    const { server, states, timers } = setUp({ kind: "receiver" });
    server.accept();
    server.say(joined);
    server.say({ type: "room-ended", why: "" });
    let answered = 1;
    const hourS = 3600;
    for (let second = 0; second < hourS; second += 1) {
      timers.advance(1000);
      if (server.wireCount() === answered) continue;
      answered = server.wireCount();
      server.accept();
      server.say(noRoom);
    }
    expect(states.at(-1)).toEqual({ state: "no-room", retryInMs: longestNoRoomRetryMs });
    expect(server.wireCount()).toBeGreaterThan((hourS * 1000) / longestNoRoomRetryMs - 2);
    expect(server.wireCount()).toBeLessThan((hourS * 1000) / longestNoRoomRetryMs + 10);
    timers.advance(longestNoRoomRetryMs);
    server.accept();
    server.say(joined);
    expect(states.at(-1)?.state).toBe("in-room");
  });

  it("takes a silent server for a lost one", () => {
    const { server, timers, states } = setUp({ kind: "receiver" });
    server.accept();
    server.say(joined);
    timers.advance(silenceMs - 1);
    expect(states.at(-1)?.state).toBe("in-room");
    timers.advance(1);
    expect(states.at(-1)).toMatchObject({ state: "away", why: "the server has gone silent" });
  });

  it("returns at once when the network is back", () => {
    const { server, timers, online } = setUp({ kind: "receiver" });
    for (let n = 0; n < 5; n += 1) {
      server.drop("no network");
      timers.advance(longestRetryMs);
    }
    server.drop("no network");
    const before = server.wireCount();
    online();
    expect(server.wireCount()).toBe(before + 1);
  });

  it.each(["", "{", '{"type":"opened"}', "[]", `"${"x".repeat(70_000)}"`])(
    "starts over when the server says what it cannot understand (%#)",
    (text) => {
      const { server, states } = setUp({ kind: "receiver" });
      server.accept();
      server.sayText(text);
      expect(states.at(-1)?.state).toBe("away");
    },
  );

  it("tells its facts again whenever it enters the room", () => {
    const { server, signalling, timers } = setUp({ kind: "sender" });
    const facts = {
      runNumber: 1,
      scene: "builtin",
      seed: 1,
      widthPx: 1280,
      heightPx: 720,
      fps: 30,
      codec: "h264",
      bitrateKbps: 2500,
      clock: null,
    };
    signalling.setFacts(facts);
    server.accept();
    server.say(opened);
    server.drop("gone");
    timers.advance(firstRetryMs);
    server.accept();
    server.say(opened);
    expect(server.sent().filter(({ type }) => type === "facts")).toHaveLength(2);
  });
});

describe("what stands around the link", () => {
  it("retries later and later, bounded, never all at once", () => {
    const delays = [0, 1, 2, 10, 1000].map((attempt) => retryDelayMs(attempt, 0));
    expect(delays).toEqual([
      firstRetryMs,
      2 * firstRetryMs,
      4 * firstRetryMs,
      longestRetryMs,
      longestRetryMs,
    ]);
    expect(retryDelayMs(3, 0.9)).toBeLessThan(retryDelayMs(3, 0.1));
  });

  it("names the room in a refusal", () => {
    expect(refusalFailure("room-full", "", join).where).toBe("room ABCD-1234");
  });

  it("connects without ICE servers when the server tells none, and says why", async () => {
    const answer = await fetchConfig("/api/config", () => Promise.reject(new Error("offline")));
    expect(answer.config.iceServers).toEqual([]);
    expect(answer.why).toContain("could not be reached");
  });
});
