import { describe, expect, it } from "vitest";

import type { Failure } from "../../core/failure.ts";
import { receiverDefaults } from "../../core/wire/receiver-setup.ts";
import { createFakePlay } from "./play.fake.ts";
import { createReceiver } from "./receiver-store.ts";
import { openScripted } from "./session.fake.ts";

const roomGone: Failure = {
  kind: "refused-input",
  what: "joining the room",
  where: "join code 7K3M-Q9TD",
  next: "Ask the sender for a new code.",
};
const pace = { intervalMs: 1000 / 30, latencyMs: 40 };

/** A receiver over a stream from a script, with the real timeline and log. */
function createSubject(options: { readonly refuse?: Failure } = {}) {
  const play = createFakePlay(options);
  const ticks = new Set<() => void>();
  const every = (_intervalMs: number, call: () => void) => {
    ticks.add(call);
    return () => ticks.delete(call);
  };
  const openSession = openScripted(play, every);
  const receiver = createReceiver({ openSession, every }, { ...receiverDefaults, join: "7K3MQ9TD" });
  receiver.attach({} as HTMLVideoElement);
  const phases: string[] = [];
  receiver.store.subscribe(({ phase }) => {
    if (phases.at(-1) !== phase) phases.push(phase);
  });
  const tick = () => {
    for (const call of ticks) call();
  };
  return { play, receiver, phases, tick };
}

/** Lets every promise that can settle do so. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function startMeasuring(subject: ReturnType<typeof createSubject>) {
  const starting = subject.receiver.start();
  await settle();
  subject.play.say({ state: "connected", why: "" });
  subject.play.display(90, pace);
  subject.tick();
  await settle();
  return starting;
}

function measuresOf(subject: ReturnType<typeof createSubject>) {
  const state = subject.receiver.store.getState();
  return state.phase === "measuring" ? state.measures : null;
}

describe("a receiver", () => {
  it("has joined when the first picture is displayed, not when it asked", async () => {
    const subject = createSubject();
    const starting = subject.receiver.start();
    await settle();
    subject.tick();
    expect(subject.phases).toEqual(["joining"]);
    subject.play.display(1, pace);
    subject.tick();
    expect(await starting).toEqual({ ok: true, value: null });
    expect(subject.phases).toEqual(["joining", "measuring"]);
  });

  it("measures what is displayed", async () => {
    const subject = createSubject();
    await startMeasuring(subject);
    expect(measuresOf(subject)?.reading).toMatchObject({ displayedCount: 90, readCount: 90 });
    expect(await subject.receiver.session()?.observations(88)).toHaveLength(2);
  });

  it("freezes the view while paused and measures on", async () => {
    const subject = createSubject();
    await startMeasuring(subject);
    subject.receiver.togglePause();
    subject.play.display(30, pace);
    subject.tick();
    expect(measuresOf(subject)?.reading.displayedCount).toBe(90);
    const live = subject.receiver.snapshot();
    expect(live.phase === "measuring" && live.measures.reading.displayedCount).toBe(120);
    subject.receiver.togglePause();
    expect(measuresOf(subject)?.reading.displayedCount).toBe(120);
  });

  it("says on screen that the stream was lost, and notes the way back as a reconnect", async () => {
    const subject = createSubject();
    await startMeasuring(subject);
    subject.play.say({ state: "lost", why: "the sender went away" });
    expect(subject.receiver.store.getState()).toMatchObject({
      phase: "measuring",
      connection: { state: "lost", why: "the sender went away" },
    });
    subject.play.display(30, pace);
    subject.play.say({ state: "connected", why: "" });
    const reconnect = subject.receiver
      .session()
      ?.events()
      .find((event) => event.kind === "reconnect");
    expect(reconnect).toMatchObject({ durationMs: 1000, why: "the sender went away" });
  });

  it("marks a moment with a note, and forgets everything on reset", async () => {
    const subject = createSubject();
    await startMeasuring(subject);
    subject.receiver.mark("switched to 5G");
    expect(subject.receiver.session()?.events()).toContainEqual(
      expect.objectContaining({ kind: "note", text: "switched to 5G" }),
    );
    subject.receiver.reset();
    expect(measuresOf(subject)?.reading.displayedCount).toBe(0);
    expect(await subject.receiver.session()?.observations(0)).toHaveLength(0);
  });

  it("closes the reader before the player when it leaves", async () => {
    const subject = createSubject();
    await startMeasuring(subject);
    subject.receiver.stop();
    expect(subject.play.log).toEqual(["play", "close reader", "close play"]);
    expect(subject.receiver.store.getState().phase).toBe("idle");
  });

  it.each([
    ["ends as it should", null, "the sender ended the stream"],
    ["fails on the way", roomGone, "Joining the room: was refused"],
  ])("keeps all that was measured of a stream that %s, until it is left", async (_how, failure, why) => {
    const subject = createSubject();
    const { play, receiver, tick } = subject;
    await startMeasuring(subject);
    // What is displayed after the page was drawn last counts as well.
    play.display(1, pace);
    if (failure === null) play.say({ state: "ended", why });
    play.end(failure);
    await settle();
    expect(play.log).toEqual(["play", "close reader", "close play"]);
    const ended = { phase: "measuring", connection: { state: "ended", why, failure } };
    expect(receiver.store.getState()).toMatchObject(ended);
    const last = measuresOf(subject);
    expect(last?.reading.displayedCount).toBe(91);

    play.pass(60_000);
    play.say({ state: "lost", why: "a word that came late" });
    receiver.mark("too late");
    tick();
    expect(receiver.store.getState()).toMatchObject(ended);
    expect(measuresOf(subject)).toEqual(last);
    const session = receiver.session();
    expect(await session?.observations(0)).toHaveLength(91);
    expect((await (await session?.toCsv())?.text())?.trim().split("\n")).toHaveLength(92);
    expect(session?.events().map(({ kind }) => kind)).toEqual([
      "run",
      failure === null ? "connection" : "failure",
    ]);

    receiver.stop();
    expect(receiver.session()).toBeNull();
    expect(receiver.store.getState().phase).toBe("idle");
  });

  it("counts what was displayed before the page was first drawn, though the stream has ended by then", async () => {
    const { play, receiver } = createSubject();
    const starting = receiver.start();
    await settle();
    play.display(1, pace);
    play.end(roomGone);
    expect(await starting).toEqual({ ok: true, value: null });
    expect(receiver.store.getState()).toMatchObject({ phase: "measuring", connection: { state: "ended" } });
  });

  it.each([
    ["fails", roomGone, { phase: "failed", failure: roomGone }],
    ["ends", null, { phase: "idle" }],
  ] as const)(
    "has nothing to keep of a stream that %s before anything was displayed",
    async (_how, failure, state) => {
      const { play, receiver } = createSubject();
      const starting = receiver.start();
      await settle();
      play.end(failure);
      expect((await starting).ok).toBe(false);
      expect(receiver.store.getState()).toMatchObject(state);
      expect(receiver.session()).toBeNull();
    },
  );

  it("says why when the room does not exist, and closes what it had opened", async () => {
    const { receiver, play } = createSubject({ refuse: roomGone });
    expect(await receiver.start()).toEqual({ ok: false, failure: roomGone });
    expect(play.log).toEqual(["close reader"]);
  });

  it("refuses what is no join code before it asks anyone", async () => {
    const { receiver, play } = createSubject();
    const started = await receiver.start({ join: "nope" });
    expect(started.ok ? null : started.failure.where).toBe("key join");
    expect(play.log).toEqual([]);
  });

  it("answers a start that was stopped on the way", async () => {
    const { receiver } = createSubject();
    const starting = receiver.start();
    await settle();
    receiver.stop();
    expect((await starting).ok).toBe(false);
    expect(receiver.store.getState().phase).toBe("idle");
  });
});
