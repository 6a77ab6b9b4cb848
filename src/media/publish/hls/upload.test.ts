import { describe, expect, it } from "vitest";

import { createFakeTimers } from "../../link/timers.fake.ts";
import { createUploader } from "./upload.ts";

const never = new AbortController().signal;
const file = { name: "seg-0-1.m4s", bytes: new Uint8Array(8) };

function createSubject(answers: readonly (Response | Error)[]) {
  const timers = createFakeTimers();
  const sent: RequestInit[] = [];
  const uploader = createUploader({
    destination: {
      target: (name) => ({ url: `https://up.test/${name}?sig=5ecret`, headers: { "x-key": "5ecret" } }),
      readUrl: (name) => `https://up.test/${name}`,
    },
    fetch: async (_url, init) => {
      const answer = answers[sent.length] ?? new Error("no answer is left");
      sent.push(init);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    timers,
    random: () => 0,
    patienceMs: 1000,
  });
  return { uploader, sent, timers };
}

/** Lets the uploader go on, and its waits pass. */
async function pass({ timers }: ReturnType<typeof createSubject>): Promise<void> {
  for (let step = 0; step < 20; step += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    timers.advance(100);
  }
}

const gone = () => new Response(null, { status: 404 });
const busy = () => new Response(null, { status: 507 });
const away = () => new TypeError("Failed to fetch");

describe("a file that is put", () => {
  it("says what it is, and follows no redirect", async () => {
    const { uploader, sent } = createSubject([new Response(null, { status: 201 })]);
    expect(await uploader.put(file, never)).toMatchObject({ kind: "put" });
    expect(sent[0]).toMatchObject({
      method: "PUT",
      redirect: "error",
      credentials: "omit",
      headers: { "Content-Type": "video/iso.segment", "x-key": "5ecret" },
    });
  });

  it.each([
    ["is busy and then is not", [busy(), new Response(null, { status: 204 })], "put", 2],
    ["cannot be reached for a moment", [away(), new Response(null, { status: 201 })], "put", 2],
    ["cannot be reached at all", Array.from({ length: 20 }, away), "lost", 3],
    ["knows the stream no more", [gone()], "gone", 1],
    ["refuses it", [new Response(null, { status: 403 })], "refused", 1],
  ])("to a server that %s", async (_how, answers, kind, sentCount) => {
    const subject = createSubject(answers);
    const outcome = subject.uploader.put(file, never);
    await pass(subject);
    const ended = await outcome;
    expect(ended.kind).toBe(kind);
    expect(subject.sent).toHaveLength(sentCount);
    expect(JSON.stringify(ended)).not.toContain("5ecret");
  });

  it("to a server that refused connections says so, even where the patience ends within a try", async () => {
    const late = (): Error => new DOMException("signal timed out", "TimeoutError");
    const subject = createSubject([away(), away(), late()]);
    const outcome = subject.uploader.put(file, never);
    await pass(subject);
    expect(await outcome).toMatchObject({ failure: { kind: "unreachable" } });
  });

  it("is let go of when nobody wants it any more", async () => {
    const subject = createSubject([away(), away()]);
    const stop = new AbortController();
    const outcome = subject.uploader.put(file, stop.signal);
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error("let go"));
    await expect(outcome).rejects.toThrow("let go");
  });
});
