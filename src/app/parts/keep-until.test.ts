import { expect, it } from "vitest";

import type { Timers } from "../../media/link/timers.ts";
import { keepUntilKept } from "./keep-until.ts";

/** Time passes as soon as somebody waits. */
const hurried: Timers = {
  nowMs: () => 0,
  after: (_delayMs, call) => {
    queueMicrotask(call);
    return () => undefined;
  },
};

async function tolds(
  phases: readonly string[],
  leaveAfter = Number.POSITIVE_INFINITY,
): Promise<readonly string[]> {
  const told: string[] = [];
  const page = new AbortController();
  let sentCount = 0;
  const send = (): Promise<{ readonly phase: string }> => {
    const phase = phases[sentCount] ?? "sent too often";
    sentCount += 1;
    return Promise.resolve({ phase });
  };
  const tell = ({ phase }: { readonly phase: string }): void => {
    told.push(phase);
    if (told.length >= leaveAfter) page.abort();
  };
  await keepUntilKept(send, tell, hurried, page.signal);
  return told;
}

it.each([
  ["is there", ["kept"]],
  ["is away for a while", ["waiting", "waiting", "kept"]],
  ["comes back and refuses", ["waiting", "failed"]],
])("a run is sent until it is kept or refused by a server that %s", async (_name, phases) => {
  expect(await tolds(phases)).toEqual(phases);
});

it("nothing is sent any more once the page is left", async () => {
  expect(await tolds(["waiting", "waiting", "kept"], 1)).toEqual(["waiting"]);
});
