import { describe, expect, it } from "vitest";

import { succeed, type Failure, type Result } from "../failure.ts";
import { openFakeVideo } from "./frame-source.fake.ts";
import type { FrameSource } from "./frame-source.ts";
import { createLastingSource } from "./lasting-source.ts";

const ids = [0, 1, 2, 3, 4, 5];

function crash(cause: string): Failure {
  return { kind: "ended-early", what: "decoding", where: "a.mp4", next: "Try again.", cause };
}

/** The scripted video; its decoder breaks down before this frame. */
function open(brokenAt: number | null, cause = "out of memory"): FrameSource {
  const whole = openFakeVideo("a.mp4", { ids });
  if (brokenAt === null) return whole;
  let givenCount = 0;
  let isBroken = false;
  return {
    ...whole,
    next: async () => {
      isBroken ||= givenCount === brokenAt;
      givenCount += 1;
      return isBroken ? null : whole.next();
    },
    end: () => ({ failure: isBroken ? crash(cause) : null, notes: [] }),
  };
}

async function takeAll(source: FrameSource): Promise<readonly number[]> {
  const indexes: number[] = [];
  for (let frame = await source.next(); frame !== null; frame = await source.next())
    indexes.push(frame.index);
  return indexes;
}

describe("a video whose decoder breaks down", () => {
  it.each([0, 3, 6])("at frame %i gives every frame once, and says that it was started anew", async (at) => {
    const source = createLastingSource(open(at), async () => succeed(open(null)));
    expect(await takeAll(source)).toEqual(ids);
    expect(source.end()).toMatchObject({
      failure: null,
      notes: [expect.stringContaining(`frame ${at} (out of memory)`)],
    });
  });

  it.each<readonly [string, () => Result<FrameSource>, number]>([
    ["breaks down again later", () => succeed(open(4)), 4],
    ["breaks down before it came so far", () => succeed(open(1)), 3],
    ["cannot be opened again", () => ({ ok: false, failure: crash("gone") }), 3],
  ])("and that %s ends with the failure and how far it came", async (_words, reopen, count) => {
    const source = createLastingSource(open(3), async () => reopen());
    expect(await takeAll(source)).toEqual(ids.slice(0, count));
    const { failure, notes } = source.end();
    expect(failure).toMatchObject({ kind: "ended-early" });
    expect(notes.at(-1)).toContain(`first ${count} of about 6 frames`);
    expect(await source.next()).toBeNull();
  });

  it("is not opened again where the file itself is refused", async () => {
    const failure: Failure = { ...crash("no video"), kind: "refused-input" };
    const refused = { ...open(0), end: () => ({ failure, notes: [] }) };
    const source = createLastingSource(refused, () => Promise.reject(new Error("opened again")));
    expect(await takeAll(source)).toEqual([]);
    expect(source.end().failure).toBe(failure);
  });
});
