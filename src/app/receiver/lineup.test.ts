import { describe, expect, it } from "vitest";

import type { Failure } from "../../core/failure.ts";
import { receiverDefaults, type ReceiverSetup } from "../../core/wire/receiver-setup.ts";
import type { PastedSource } from "../../core/wire/source.ts";
import { labelOf, splitSetup, toLinkSetup } from "./lineup-setup.ts";
import { createLineup } from "./lineup.ts";
import { createFakePlay, type FakePlay } from "./play.fake.ts";
import { openScripted } from "./session.fake.ts";

const notThere: Failure = {
  kind: "unreachable",
  what: "playing the stream",
  where: "a.example/gone.m3u8",
  next: "Start its publisher.",
};

/** A line-up whose streams join for ever, but for addresses that end in `gone`. */
function createSubject(setup: Partial<ReceiverSetup> = {}) {
  const lineup = createLineup(
    {
      openSession: ({ urls }) =>
        urls[0]?.endsWith("gone") === true
          ? Promise.resolve({ ok: false, failure: notThere })
          : new Promise(() => undefined),
      every: () => () => undefined,
      createVideo: () => ({}) as HTMLVideoElement,
      createStills: () => ({ see: () => undefined, list: () => [], close: () => undefined }),
    },
    { ...receiverDefaults, ...setup },
  );
  const labels = () =>
    lineup.store.getState().entries.map(({ receiver }) => labelOf(receiver.store.getState().setup));
  return { lineup, labels };
}

const url = (name: string): PastedSource => ({ kind: "url", url: `https://a.example/${name}` });
const join = (code: string): PastedSource => ({ kind: "join", join: code });

/** Lets every promise that can settle do so. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A line-up of streams from scripts, each with real timeline and log. */
function createScripted(plays: readonly FakePlay[]) {
  const ticks = new Set<() => void>();
  const every = (_intervalMs: number, call: () => void) => {
    ticks.add(call);
    return () => ticks.delete(call);
  };
  const opens = plays.map((play) => openScripted(play, every));
  const urls = plays.map((_, index) => `https://a.example/${index}`);
  const lineup = createLineup(
    {
      openSession: async (asked, ...rest) => {
        const open = opens[urls.indexOf(asked.urls[0] ?? "")];
        return open === undefined ? { ok: false, failure: notThere } : open(asked, ...rest);
      },
      every,
      createVideo: () => ({}) as HTMLVideoElement,
      createStills: () => ({ see: () => undefined, list: () => [], close: () => undefined }),
    },
    { ...receiverDefaults, urls },
  );
  const tick = () => {
    for (const call of ticks) call();
  };
  return { lineup, tick };
}

describe("a line-up", () => {
  it("measures on when one of its streams ends, and keeps what was measured of that one", async () => {
    const [one, two] = [createFakePlay(), createFakePlay()];
    const { lineup, tick } = createScripted([one, two]);
    const starting = lineup.start();
    await settle();
    const display = (play: FakePlay) => play.display(30, { intervalMs: 33, latencyMs: 40 });
    for (const play of [one, two]) display(play);
    tick();
    expect((await starting).ok).toBe(true);

    one.end(notThere);
    await settle();
    display(two);
    tick();
    const [ended, live] = lineup.report();
    const measures = (displayedCount: number) => ({ reading: { displayedCount } });
    expect(ended?.snapshot).toMatchObject({
      connection: { state: "ended", failure: notThere },
      measures: measures(30),
    });
    expect(live?.snapshot).toMatchObject({ connection: { state: "connected" }, measures: measures(60) });
    expect(one.log).toContain("close play");
    expect(two.log).not.toContain("close play");
  });

  it("begins with the first stream in the place of none, and takes others beside", () => {
    const { lineup, labels } = createSubject();
    void lineup.add([url("one"), url("two")], "hls");
    expect(labels()).toEqual(["a.example/one", "a.example/two"]);
    void lineup.add([join("7K3MQ9TD")], "auto");
    expect(labels()[0]).toMatch(/7K3M-Q9TD/);
    expect(lineup.setup()).toMatchObject({
      join: "7K3MQ9TD",
      urls: ["https://a.example/one", "https://a.example/two"],
      kinds: ["hls", "hls"],
      control: 2,
    });
  });

  it("puts what comes in the place of what failed alone", async () => {
    const { lineup, labels } = createSubject();
    const added = await lineup.add([url("gone")], "auto");
    expect(added).toEqual({ ok: false, failure: notThere });
    void lineup.add([url("one")], "auto");
    expect(labels()).toEqual(["a.example/one"]);
  });

  it("keeps a stream that failed beside others, and tells of it", async () => {
    const { lineup, labels } = createSubject();
    void lineup.add([url("one"), url("gone")], "auto");
    await settle();
    void lineup.add([url("two")], "auto");
    expect(labels()).toEqual(["a.example/one", "a.example/gone", "a.example/two"]);
    expect(lineup.report()[1]?.snapshot).toMatchObject({ phase: "failed", failure: notThere });
  });

  it.each([
    ["a second join code", [join("7K3MQ9TD"), join("ABCD1234")], /One sender/],
    ["more streams than can be read", Array.from({ length: 7 }, (_, at) => url(String(at))), /At most 6/],
  ] as const)("refuses %s in words, and leaves what there is", async (_what, sources, words) => {
    const { lineup, labels } = createSubject({ urls: ["https://a.example/stays"] });
    void lineup.start();
    expect((await lineup.add(sources, "auto")).ok).toBe(false);
    expect(lineup.store.getState().refusal?.next).toMatch(words);
    expect(labels()).toEqual(["a.example/stays"]);
  });

  it("makes the first stream the control when the control goes, and stands empty when the last goes", () => {
    const { lineup, labels } = createSubject();
    void lineup.add([url("one"), url("two"), url("three")], "auto");
    const [one, two] = lineup.store.getState().entries;
    lineup.setControl(two?.id ?? 0);
    lineup.remove(two?.id ?? 0);
    expect(lineup.store.getState().controlId).toBe(one?.id);
    for (const { id } of lineup.store.getState().entries) lineup.remove(id);
    expect(labels()).toEqual(["no stream"]);
  });

  it("starts what its setup names, with the control that it names", () => {
    const urls = ["https://a.example/one", "https://a.example/two"];
    const { lineup, labels } = createSubject();
    void lineup.start({ urls, control: 2 });
    expect(labels()).toEqual(["a.example/one", "a.example/two"]);
    expect(lineup.report().map(({ isControl }) => isControl)).toEqual([false, true]);
  });
});

describe("a setup of several streams", () => {
  it("is one stream for each it names, and one without any where it names none", () => {
    expect(splitSetup(receiverDefaults)).toHaveLength(1);
    const named = { ...receiverDefaults, join: "7K3MQ9TD", urls: ["https://a.example/a"] };
    expect(splitSetup(named).map(({ join: code, urls }) => [code, ...urls])).toEqual([
      ["7K3MQ9TD"],
      ["", "https://a.example/a"],
    ]);
  });

  it("stands in a link without files and tokens, with the same control", () => {
    const setup = { ...receiverDefaults, urls: ["blob:x", "https://a.example/a"], control: 2, token: "t" };
    expect(toLinkSetup(setup)).toMatchObject({ urls: ["https://a.example/a"], control: 1, token: "" });
  });
});
