import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  checkJoinCode,
  completeReceiverSetup,
  readReceiverSetup,
  receiverDefaults,
  receiverKeys,
  writeReceiverSetup,
  type ReceiverSetup,
} from "./receiver-setup.ts";
import {
  completeSenderSetup,
  readSenderSetup,
  senderDefaults,
  senderKeys,
  writeSenderLink,
  writeSenderSetup,
  type SenderSetup,
} from "./setup.ts";
import { sourceKinds } from "./source.ts";

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
  control: fc.boolean(),
  segmentS: fc.option(fc.constantFrom(0.5, 1, 1.001, 6)),
  partMs: fc.oneof(fc.constant(0), fc.integer({ min: 50, max: 2000 })),
  ladder: fc.boolean(),
  putUrl: fc.constantFrom("", "https://cdn.example/live/{name}?sig=a%2Bb&x={name}"),
  putHeaders: fc.array(fc.constantFrom("Authorization: Bearer a+b=", "x-name: {name}"), { maxLength: 4 }),
  s3KeyId: fc.constantFrom("", "AKIAIOSFODNN7EXAMPLE"),
  s3Secret: fc.stringMatching(/^[!-~]{0,40}$/),
  s3SessionToken: fc.stringMatching(/^[!-~]{0,40}$/),
  s3Region: fc.constantFrom("", "eu-central-1"),
  playUrl: fc.constantFrom("", "https://cdn.example/live/index.m3u8"),
  whipUrl: fc.constantFrom("", "https://cdn.example/s3cret/whip?key=a%2Bb"),
  whipToken: fc.stringMatching(/^[!-~]{0,40}$/),
  relayTarget: fc.constantFrom(
    "",
    "rtmps://cdn.example:443/app/key?a=b",
    "srt://cdn.example:9000?streamid=x",
  ),
  relay: fc.boolean(),
  holdMs: fc.integer({ min: 0, max: 5000 }),
  start: fc.boolean(),
});

const receiverSetups: fc.Arbitrary<ReceiverSetup> = fc.record({
  join: fc.oneof(fc.constant(""), fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{8}$/)),
  urls: fc.array(fc.webUrl({ withQueryParameters: true }), { maxLength: 6 }),
  kinds: fc.array(fc.constantFrom(...sourceKinds), { maxLength: 6 }),
  control: fc.integer({ min: 1, max: 6 }),
  syncS: fc.option(fc.constantFrom(0.1, 0.4, 12, 59.999)),
  token: fc.stringMatching(/^[!-~]{0,40}$/),
  bufferMs: fc.option(fc.integer({ min: 0, max: 4000 })),
  relay: fc.boolean(),
  ringS: fc.integer({ min: 0, max: 1800 }),
  keepMb: fc.integer({ min: 1, max: 100_000 }),
  scoringPct: fc.integer({ min: 0, max: 100 }),
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
    ["part=10", "key part"],
    ["segment=0.1", "key segment"],
    ["put=https://cdn.example/live", "key put"],
    ["put=ftp://cdn.example/{name}", "key put"],
    ["put=https://me:secret@cdn.example/{name}", "key put"],
    ["header=Authorization", "key header"],
    ["s3id=AKIA/EXAMPLE", "key s3id"],
    ["s3region=eu/central", "key s3region"],
    ["whip=rtmp://cdn.example/whip", "key whip"],
    ["token=two words", "key token"],
    ["target=https://cdn.example/app/key", "key target"],
    ["target=rtmp://cdn.example/app/a%20key", "key target"],
  ])("refuses %s by the name of the key", (query, where) => {
    const read = readSenderSetup(query);
    expect(read.ok ? null : read.failure.where).toBe(where);
    expect(read.ok ? "" : read.failure.next).toMatch(/takes|keys are|once/);
  });

  it("puts no secret into a link or a refusal", () => {
    const put = "https://cdn.example/{name}?sig=s3cret";
    const hls = { putUrl: put, putHeaders: ["Authorization: Bearer s3cret"] };
    const outlet = {
      whipUrl: "https://cdn.example/s3cret",
      whipToken: "s3cret",
      relayTarget: "srt://s3cret",
    };
    const s3 = { s3KeyId: "s3cret", s3Secret: "s3cret", s3SessionToken: "s3cret" };
    expect(writeSenderLink({ ...senderDefaults, ...hls, ...outlet, ...s3 })).toBe("");
    for (const key of ["header", "whip", "target", "s3id", "s3secret", "s3session"]) {
      expect(JSON.stringify(readSenderSetup(`${key}=,/ s3cret`))).not.toContain("s3cret");
    }
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

  it("reads several addresses with their kinds, and refuses one that is not played", () => {
    const query =
      "join=7K3M-Q9TD&url=https%3A%2F%2Fa.example%2Fb.m3u8%3Fc%3D1%26d&url=screen:&kind=hls&sync=0.4";
    const read = readReceiverSetup(query);
    expect(read.ok ? read.value : null).toMatchObject({
      urls: ["https://a.example/b.m3u8?c=1&d", "screen:"],
      kinds: ["hls"],
      syncS: 0.4,
    });
    expect(readReceiverSetup("url=javascript:alert(1)")).toMatchObject({ failure: { where: "key url" } });
    expect(readReceiverSetup("sync=0")).toMatchObject({ failure: { where: "key sync" } });
  });

  it("checks what a script gives as it checks an address", () => {
    expect(completeSenderSetup(senderDefaults, { fps: 61 }).ok).toBe(false);
    expect(completeReceiverSetup(receiverDefaults, { join: "7k3m-q9td" }).ok).toBe(true);
  });

  it("documents every key", () => {
    for (const { help } of [...senderKeys, ...receiverKeys]) expect(help.length).toBeGreaterThan(10);
  });
});
