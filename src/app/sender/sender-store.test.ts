import { describe, expect, it } from "vitest";

import type { Failure } from "../../core/failure.ts";
import { senderDefaults } from "../../core/wire/setup.ts";
import { createFakeSenderWorld, type FakeSenderOptions } from "./adapters.fake.ts";
import { createSender } from "./sender-store.ts";

const cameraRefused: Failure = {
  kind: "denied",
  what: "opening the camera",
  where: "camera",
  next: "Allow the camera for this page.",
};

function createSubject(options: FakeSenderOptions = {}) {
  const world = createFakeSenderWorld(options);
  const sender = createSender(world.adapters, senderDefaults);
  const phases: string[] = [];
  sender.store.subscribe(({ doing }) => {
    if (phases.at(-1) !== doing.phase) phases.push(doing.phase);
  });
  return { world, sender, phases };
}

/** Starts and opens the room as soon as it is asked for. */
async function startSending(subject: ReturnType<typeof createSubject>) {
  const starting = subject.sender.start();
  await settle();
  subject.world.openRoom("7K3MQ9TD");
  return starting;
}

/** Lets every promise that can settle do so. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("a sender", () => {
  it("answers a start with the code and link that receivers join by", async () => {
    const subject = createSubject();
    expect(await startSending(subject)).toEqual({
      ok: true,
      value: { join: "7K3MQ9TD", link: "https://gauge.test/receiver?join=7K3MQ9TD&start=1" },
    });
    expect(subject.phases).toEqual(["starting", "sending"]);
  });

  it("sends the very pictures that were shown before", async () => {
    const subject = createSubject();
    await subject.sender.openPreview();
    await startSending(subject);
    expect(subject.world.log).toEqual(["pictures builtin run 1", "publish run 1 of 1"]);
  });

  it("opens other pictures when the setup changes, and closes those before", async () => {
    const { world, sender } = createSubject();
    await sender.openPreview();
    sender.configure({ seed: 2 });
    await settle();
    expect(world.log).toEqual(["pictures builtin run 1", "close pictures 1", "pictures builtin run 2"]);
  });

  it("opens no camera that nobody asked for", async () => {
    const { world, sender } = createSubject();
    sender.configure({ scene: "camera" });
    await settle();
    expect(world.log).toEqual([]);
  });

  it("says what it really sends once a second, and what it is not told is missing", async () => {
    const subject = createSubject({ sample: { encodedFps: 29 } });
    await startSending(subject);
    await subject.world.tick();
    const { doing } = subject.sender.store.getState();
    const report = doing.phase === "sending" ? doing.report : null;
    expect(report?.encodedFps).toEqual({ known: true, value: 29, bound: 0 });
    expect(report?.bitrateKbps.known).toBe(false);
  });

  it("sends the same pictures directly as a control, and is ready when both ways are", async () => {
    const { world, sender } = createSubject();
    const starting = sender.start({ via: "hls", control: true });
    await settle();
    world.openOutlet("https://gauge.test/hls/x/index.m3u8");
    world.openRoom("7K3MQ9TD");
    expect(await starting).toMatchObject({
      value: {
        join: "7K3MQ9TD",
        link: "https://gauge.test/receiver?join=7K3MQ9TD&url=https%3A%2F%2Fgauge.test%2Fhls%2Fx%2Findex.m3u8&start=1",
      },
    });
    sender.stop();
    expect(world.log).toMatchObject([
      "pictures builtin run 1",
      "publish run 1 of 1",
      "publish run 1 of 1",
      "unpublish",
      "unpublish",
      "close pictures 1",
      "pictures builtin run 2",
    ]);
  });

  it("goes on when the server is away, without a code to join by", async () => {
    const subject = createSubject();
    await startSending(subject);
    subject.world.openRoom(null);
    const { doing } = subject.sender.store.getState();
    expect(doing.phase === "sending" && doing.join === null).toBe(true);
  });

  it("closes the way out before the pictures when stopped, and shows new ones", async () => {
    const subject = createSubject();
    await startSending(subject);
    subject.sender.stop();
    expect(subject.world.log.slice(2)).toEqual(["unpublish", "close pictures 1", "pictures builtin run 2"]);
    expect(subject.phases.at(-1)).toBe("idle");
  });

  it("starts again under another code when asked to", async () => {
    const subject = createSubject();
    await startSending(subject);
    const renewing = subject.sender.renewCode();
    await settle();
    subject.world.openRoom("EFGH5678");
    expect(await renewing).toMatchObject({ value: { join: "EFGH5678" } });
    expect(subject.world.log.indexOf("forget room")).toBeGreaterThan(subject.world.log.indexOf("unpublish"));
    expect(subject.world.log.at(-1)).toBe("publish run 2 of 2");
  });

  it("answers a start that was stopped at once", async () => {
    const { sender } = createSubject();
    const starting = sender.start();
    sender.stop();
    expect((await starting).ok).toBe(false);
    expect(sender.store.getState().doing.phase).toBe("idle");
  });

  it.each([
    ["the camera is refused", { pictures: cameraRefused }],
    ["the way out fails", { publish: cameraRefused }],
  ])("says why when %s", async (_name, options) => {
    const { sender } = createSubject(options);
    expect(await sender.start()).toEqual({ ok: false, failure: cameraRefused });
    expect(sender.store.getState().doing).toMatchObject({ phase: "failed", failure: cameraRefused });
  });

  it.each([
    ["the way out fails", "endPublishing"],
    ["the camera is taken away", "endPictures"],
  ] as const)("stays failed after %s, with its way out closed and its reports ended", async (_name, end) => {
    const subject = createSubject();
    await startSending(subject);
    subject.world[end](cameraRefused);
    await settle();
    await subject.world.tick();
    subject.world.openRoom("7K3MQ9TD");
    expect(subject.phases).toEqual(["starting", "sending", "failed"]);
    expect(subject.sender.store.getState().doing).toMatchObject({ failure: cameraRefused });
    expect(subject.world.log.filter((line) => line === "unpublish")).toHaveLength(1);
    expect(subject.world.tickerCount()).toBe(0);
  });

  it("answers a start with why a way out ended before anyone could join", async () => {
    const { world, sender } = createSubject();
    const starting = sender.start();
    await settle();
    world.endPublishing(cameraRefused);
    expect(await starting).toEqual({ ok: false, failure: cameraRefused });
  });

  it("closes both ways out when one of them fails", async () => {
    const { world, sender } = createSubject();
    const starting = sender.start({ via: "hls", control: true });
    await settle();
    world.endPublishing(cameraRefused);
    expect((await starting).ok).toBe(false);
    expect(world.log.filter((line) => line === "unpublish")).toHaveLength(2);
  });

  it("is idle and sends nothing more when the pictures come to their end", async () => {
    const subject = createSubject();
    await startSending(subject);
    subject.world.endPictures(null);
    await settle();
    await subject.world.tick();
    expect(subject.phases).toEqual(["starting", "sending", "idle"]);
    expect(subject.world.log.slice(2)).toEqual(["unpublish", "pictures builtin run 2"]);
  });

  it.each([{ fps: 90 }, { via: "smoke" }])("refuses a script's setup %o", async (given) => {
    const { sender } = createSubject();
    const started = await sender.start(given);
    expect(started.ok ? null : started.failure.kind).toBe("refused-input");
  });

  it("takes what is typed into the form, and does not start with what it cannot take", async () => {
    const subject = createSubject();
    const { sender } = subject;
    sender.enter("put", "https://cdn.test/live");
    expect(sender.store.getState().refused["put"]?.text).toBe("https://cdn.test/live");
    expect(sender.store.getState().doing.setup.putUrl).toBe("");
    expect((await sender.start()).ok).toBe(false);
    sender.enter("put", "https://cdn.test/live/{name}");
    expect(sender.store.getState().refused).toEqual({});
    expect(sender.store.getState().doing.setup.putUrl).toBe("https://cdn.test/live/{name}");
    expect((await startSending(subject)).ok).toBe(true);
  });

  it("keeps its setup while sending", async () => {
    const subject = createSubject();
    await startSending(subject);
    subject.sender.configure({ seed: 9 });
    expect(subject.sender.store.getState().doing.setup.seed).toBe(1);
  });
});
