import { describe, expect, it } from "vitest";

import { fetchConfig } from "./config.ts";
import { refusalFailure } from "./refusal.ts";
import { firstRetryMs, longestRetryMs, retryDelayMs } from "./retry.ts";
import { storedRoomKeys } from "./room-key.ts";
import { createFakeKeys, createFakeServer } from "./signalling.fake.ts";
import {
  maxQueuedCount,
  openSignalling,
  rejoinGraceMs,
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

function setUp(role: RoomRole) {
  const timers = createFakeTimers();
  const server = createFakeServer();
  const keys = createFakeKeys();
  const states: SignallingState[] = [];
  let online: (() => void) | null = null;
  const signalling = openSignalling({
    role,
    connect: server.connect,
    timers,
    random: () => 0,
    keys,
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

  it("opens a new room where the old one is gone for good", () => {
    const { server, keys } = setUp({ kind: "sender" });
    keys.write({ join, ownerKey: opened.ownerKey });
    server.accept();
    server.say(noRoom);
    expect(server.sent().at(-1)).toEqual({ type: "open" });
  });

  it("keeps what is said while away, bounded, and says it in order when back", () => {
    const { server, signalling } = setUp({ kind: "receiver", join });
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
    const { server, states, timers } = setUp({ kind: "receiver", join });
    server.accept();
    server.say(noRoom);
    timers.advance(600_000);
    expect(states.at(-1)).toMatchObject({ state: "refused", failure: { kind: "refused-input" } });
    expect(server.wireCount()).toBe(1);
  });

  it("goes on asking for a room it was in, for a while", () => {
    const { server, states, timers } = setUp({ kind: "receiver", join });
    server.accept();
    server.say(joined);
    server.drop("gone");
    let answered = 1;
    const step = (): void => {
      timers.advance(500);
      if (server.wireCount() === answered) return;
      answered = server.wireCount();
      server.accept();
      server.say(noRoom);
    };
    for (let ms = 0; ms < rejoinGraceMs - 2 * longestRetryMs; ms += 500) step();
    expect(states.at(-1)?.state).not.toBe("refused");
    for (let ms = 0; ms < 4 * longestRetryMs; ms += 500) step();
    expect(states.at(-1)?.state).toBe("refused");
  });

  it("takes a silent server for a lost one", () => {
    const { server, timers, states } = setUp({ kind: "receiver", join });
    server.accept();
    server.say(joined);
    timers.advance(silenceMs - 1);
    expect(states.at(-1)?.state).toBe("in-room");
    timers.advance(1);
    expect(states.at(-1)).toMatchObject({ state: "away", why: "the server has gone silent" });
  });

  it("returns at once when the network is back", () => {
    const { server, timers, online } = setUp({ kind: "receiver", join });
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
      const { server, states } = setUp({ kind: "receiver", join });
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

  it.each(["{", "null", '{"join":"nope","ownerKey":"x"}'])("reads a damaged key (%s) as none", (text) => {
    const keys = storedRoomKeys({
      getItem: () => text,
      setItem: () => undefined,
      removeItem: () => undefined,
    });
    expect(keys.read()).toBeNull();
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
