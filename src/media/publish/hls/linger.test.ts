import { expect, it } from "vitest";

import { createFakeTimers } from "../../link/timers.fake.ts";
import { createLingering } from "./linger.ts";
import type { StreamToken } from "./stream-token.ts";

const token: StreamToken = { read: () => "kept", write: () => undefined, release: () => undefined };

function createSubject() {
  const timers = createFakeTimers();
  const log: string[] = [];
  const lingering = createLingering(timers);
  lingering.leave("own", {
    destination: {
      clear: async (names) => void log.push(`clear ${names.join()}`),
      close: () => void log.push("close"),
    },
    token,
    files: ["index.m3u8"],
    afterMs: 10_000,
  });
  return { timers, log, lingering };
}

it("takes a stream that ended off its server after viewers had time to see its end", async () => {
  const { timers, log } = createSubject();
  timers.advance(9999);
  expect(log).toEqual([]);
  timers.advance(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(log).toEqual(["clear index.m3u8", "close"]);
});

it("leaves a stream that is published again where it is", () => {
  const { timers, log, lingering } = createSubject();
  expect(lingering.takeBack("other")).toBeNull();
  expect(lingering.takeBack("own")).toBe(token);
  timers.advance(60_000);
  expect(log).toEqual([]);
});
