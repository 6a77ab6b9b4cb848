import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  checkJoinCode,
  completeReceiverSetup,
  readReceiverSetup,
  receiverDefaults,
  writeReceiverSetup,
  type ReceiverSetup,
} from "./receiver-setup.ts";
import {
  completeSenderSetup,
  readSenderSetup,
  senderDefaults,
  senderKeys,
  writeSenderSetup,
  type SenderSetup,
} from "./setup.ts";

const even = (low: number, high: number) =>
  fc.integer({ min: low / 2, max: high / 2 }).map((half) => half * 2);

const senderSetups: fc.Arbitrary<SenderSetup> = fc.record({
  scene: fc.constantFrom("builtin", "file", "camera", "screen", "marker"),
  seed: fc.integer({ min: 0, max: 999_999_999 }),
  widthPx: even(128, 3840),
  heightPx: even(128, 2160),
  fps: fc.integer({ min: 1, max: 60 }),
  codec: fc.constantFrom("h264", "vp8", "vp9", "av1"),
  bitrateKbps: fc.integer({ min: 50, max: 100_000 }),
  via: fc.stringMatching(/^[a-z]{2,12}$/),
  relay: fc.boolean(),
  holdMs: fc.integer({ min: 0, max: 5000 }),
  start: fc.boolean(),
});

const receiverSetups: fc.Arbitrary<ReceiverSetup> = fc.record({
  join: fc.oneof(fc.constant(""), fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{8}$/)),
  bufferMs: fc.option(fc.integer({ min: 0, max: 4000 })),
  relay: fc.boolean(),
  read: fc.boolean(),
  windowMin: fc.constantFrom(1, 5, 30),
  start: fc.boolean(),
});

describe("a setup in an address", () => {
  it("gives the same sender back from its own link", () => {
    fc.assert(
      fc.property(senderSetups, (setup) => {
        expect(readSenderSetup(`?${writeSenderSetup(setup)}`)).toEqual({ ok: true, value: setup });
      }),
    );
  });

  it("gives the same receiver back from its own link", () => {
    fc.assert(
      fc.property(receiverSetups, (setup) => {
        expect(readReceiverSetup(writeReceiverSetup(setup))).toEqual({ ok: true, value: setup });
      }),
    );
  });

  it("stands at the defaults when nothing is said", () => {
    expect(readSenderSetup("")).toEqual({ ok: true, value: senderDefaults });
    expect(readReceiverSetup("?")).toEqual({ ok: true, value: receiverDefaults });
    expect(writeSenderSetup(senderDefaults)).toBe("");
  });

  it("answers any text with a setup or a refusal that names where", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = readSenderSetup(text);
        expect(read.ok || read.failure.where !== "").toBe(true);
      }),
    );
  });

  it.each([
    ["fps=61", "key fps"],
    ["fps=1e1", "key fps"],
    ["size=1281x720", "key size"],
    ["size=3842x2160", "key size"],
    ["codec=H264", "key codec"],
    ["kbps=", "key kbps"],
    ["bitrate=2500", "key bitrate"],
    ["fps=30&fps=25", "key fps"],
    ["start=yes", "key start"],
  ])("refuses %s by the name of the key", (query, where) => {
    const read = readSenderSetup(query);
    expect(read.ok ? null : read.failure.where).toBe(where);
    expect(read.ok ? "" : read.failure.next).toMatch(/takes|keys are|once/);
  });

  it("refuses an escape that is none", () => {
    expect(readSenderSetup("scene=%E0%A4%A").ok).toBe(false);
  });

  it("reads a join code as people write it", () => {
    const read = readReceiverSetup("join=7k3m-q9td&start=1");
    expect(read.ok ? read.value.join : null).toBe("7K3MQ9TD");
    expect(readReceiverSetup("join=nope").ok).toBe(false);
    expect(checkJoinCode("7k3m q9td")).toEqual({ ok: true, value: "7K3MQ9TD" });
    expect(checkJoinCode("").ok).toBe(false);
  });

  it("checks what a script gives as it checks an address", () => {
    expect(completeSenderSetup(senderDefaults, { fps: 61 }).ok).toBe(false);
    expect(completeReceiverSetup(receiverDefaults, { join: "7k3m-q9td" }).ok).toBe(true);
  });

  it("documents every key", () => {
    expect(senderKeys.every((field) => field.help.length > 10)).toBe(true);
  });
});
