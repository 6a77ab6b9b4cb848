import { expect, it } from "vitest";

import { createFakeClock } from "./clock.fake.ts";
import { openRoom, startTestServer } from "./serve.fake.ts";

/** A server whose clock breaks on demand, which stands for any fault of its own. */
async function startBreakable() {
  const clock = createFakeClock();
  const logged: string[] = [];
  let isBroken = false;
  const orBreak = <Value>(read: () => Value): Value => {
    if (isBroken) throw new Error("the clock is broken");
    return read();
  };
  const server = await startTestServer({
    clock: { ...clock, epochUs: () => orBreak(clock.epochUs), nowMs: () => orBreak(clock.nowMs) },
    log: (line) => void logged.push(line),
  });
  const during = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    isBroken = true;
    const value = await work();
    isBroken = false;
    return value;
  };
  return { server, clock, logged, during };
}

type Broken = Awaited<ReturnType<typeof startBreakable>>;

it.each<
  readonly [met: string, where: string, end: number | null, meet: (broken: Broken) => Promise<number | null>]
>([
  [
    "a message",
    "/ws/signal",
    1011,
    async ({ server, during }) => {
      const client = await server.client();
      return during(() => {
        client.send({ type: "clock", t1Us: 1 });
        return client.closed;
      });
    },
  ],
  [
    "an upgrade",
    "/ws/signal",
    1006,
    ({ server, during }) => during(async () => (await server.client()).closed),
  ],
  [
    "what is done again and again",
    "every 4000 ms",
    null,
    ({ clock, during }) =>
      during(async () => {
        clock.advance(4000);
        return null;
      }),
  ],
])("a fault in %s costs no other connection (%s)", async (_met, where, end, meet) => {
  const broken = await startBreakable();
  const { server, clock, logged } = broken;
  const { sender } = await openRoom(server);
  expect(await meet(broken)).toBe(end);
  expect(logged.join("")).toContain(where);
  expect(logged.join("")).toContain("the clock is broken");
  sender.send({ type: "clock", t1Us: 1 });
  expect(await sender.expect("clock")).toMatchObject({ t1Us: 1 });
  clock.advance(4000);
  await expect.poll(() => sender.pings()).toBeGreaterThan(0);
  await server.close();
});
