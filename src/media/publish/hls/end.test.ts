import { expect, it } from "vitest";

import { createDeferred } from "../../link/deferred.ts";
import { createFakeTimers } from "../../link/timers.fake.ts";
import { endStream } from "./end.ts";

/** A stream of one rung; its last segment is under way until `put`. */
function createSubject(fetch: () => Promise<Response> = async () => new Response()) {
  const timers = createFakeTimers();
  const finished = createDeferred<null>();
  const log: string[] = [];
  const listeners = new Set<() => void>();
  let state: "under way" | "put" | "let go" = "under way";
  const settle = (next: typeof state): void => {
    if (state === "under way") state = next;
    finished.settle(null);
  };
  const ended = endStream({
    publisher: {
      finish: async () => void (await finished.promise),
      suspend: () => settle("let go"),
      ending: () => (state === "put" ? [] : [{ name: "index.m3u8", bytes: "gap" }]),
      listed: () => ["index.m3u8"],
    },
    destination: { lastTarget: (name) => ({ url: `https://up.test/${name}`, headers: { "x-key": "key" } }) },
    fetch: async (url, { keepalive, body }) => {
      log.push(`${url} ${body as string} ${keepalive === true ? "outlives the page" : ""}`);
      return fetch();
    },
    timers,
    onPageHide: (call) => {
      listeners.add(call);
      return () => listeners.delete(call);
    },
    patienceMs: 4000,
  });
  const hide = (): void => {
    for (const call of listeners) call();
  };
  return { timers, log, ended, hide, listeners, put: () => settle("put") };
}

const theGap = ["https://up.test/index.m3u8 gap outlives the page"];

it("puts no playlist that tells of a gap where the last segment is up", async () => {
  const { timers, log, ended, put, listeners } = createSubject();
  put();
  expect(await ended).toEqual(["index.m3u8"]);
  timers.advance(60_000);
  expect(log).toEqual([]);
  expect(listeners.size).toBe(0);
});

it("tells of a gap where the last segment takes too long", async () => {
  const { timers, log, ended } = createSubject();
  timers.advance(3999);
  expect(log).toEqual([]);
  timers.advance(1);
  await ended;
  expect(log).toEqual(theGap);
});

it("tells of a gap before a page that is being closed is gone", async () => {
  const { log, hide } = createSubject();
  hide();
  // Microtasks alone run before the browser goes on with closing.
  for (let step = 0; step < 10; step += 1) await Promise.resolve();
  expect(log).toEqual(theGap);
});

it("is over where its last playlist cannot be put either", async () => {
  const { hide, ended } = createSubject(() => Promise.reject(new TypeError("Failed to fetch")));
  hide();
  expect(await ended).toEqual(["index.m3u8"]);
});
