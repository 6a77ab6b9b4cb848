import { expect, it } from "vitest";

import { createDeferred } from "../../link/deferred.ts";
import { createFakeTimers } from "../../link/timers.fake.ts";
import { createLingering } from "./linger.ts";
import type { StreamToken } from "./stream-token.ts";

const token: StreamToken = { read: () => "kept", write: () => undefined, release: () => undefined };

function createSubject() {
  const timers = createFakeTimers();
  const log: string[] = [];
  const ended = createDeferred<readonly string[]>();
  const lingering = createLingering(timers);
  lingering.leave("own", {
    destination: {
      clear: async (names) => void log.push(`clear ${names.join()}`),
      close: () => void log.push("close"),
    },
    token,
    ended: ended.promise,
    afterMs: 10_000,
  });
  return { timers, log, lingering, end: () => ended.settle(["index.m3u8"]) };
}

it("takes a stream that ended off its server after viewers had time to see its end", async () => {
  const { timers, log, end } = createSubject();
  end();
  timers.advance(9999);
  expect(log).toEqual([]);
  timers.advance(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(log).toEqual(["clear index.m3u8", "close"]);
});

it("leaves a stream that is published again where it is", async () => {
  const { timers, log, lingering, end } = createSubject();
  end();
  expect(await lingering.takeBack("other")).toBeNull();
  expect(await lingering.takeBack("own")).toBe(token);
  timers.advance(60_000);
  expect(log).toEqual([]);
});

it("gives a stream back when its end is over, so that nothing of it overtakes what comes next", async () => {
  const { log, lingering, end } = createSubject();
  const taken = lingering.takeBack("own").then(() => log.push("taken"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(log).toEqual([]);
  end();
  await taken;
  expect(log).toEqual(["taken"]);
});
