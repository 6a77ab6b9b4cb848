import { afterEach, describe, expect, it } from "vitest";

import { succeed } from "../../core/failure.ts";
import { createCaller, type Caller } from "./call.ts";
import type { JobTable } from "./serve.ts";
import { startFakeWorker, type FakeWorker } from "./worker.fake.ts";

type Jobs = {
  readonly double: { readonly request: number; readonly answer: number };
  readonly hang: { readonly request: null; readonly answer: null };
  readonly fall: { readonly request: null; readonly answer: null };
  readonly give: { readonly request: ArrayBuffer; readonly answer: ArrayBuffer };
};

const log: string[] = [];
const jobs: JobTable<Jobs> = {
  double: async (value) => {
    log.push(`begin ${value}`);
    await Promise.resolve();
    log.push(`end ${value}`);
    return { result: succeed(value * 2) };
  },
  hang: () => new Promise(() => {}),
  fall: () => Promise.reject(new Error("a stone in the way")),
  give: (bytes) => Promise.resolve({ result: succeed(bytes), transfer: [bytes] }),
};

const workers: FakeWorker[] = [];
let caller: Caller<Jobs> | null = null;

function newCaller(): Caller<Jobs> {
  const start = () => {
    const worker = startFakeWorker(jobs);
    workers.push(worker);
    return worker;
  };
  caller = createCaller<Jobs>({ start, what: "a test" });
  return caller;
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

afterEach(() => {
  caller?.close();
  workers.length = 0;
  log.length = 0;
});

describe("a worker's jobs", () => {
  it("are answered one after the other, by one worker", async () => {
    const { call } = newCaller();
    const answers = await Promise.all([call("double", 1), call("double", 2)]);
    expect(answers).toEqual([
      { ok: true, value: 2 },
      { ok: true, value: 4 },
    ]);
    expect(log).toEqual(["begin 1", "end 1", "begin 2", "end 2"]);
    expect(workers).toHaveLength(1);
  });

  it("that throw are failures with the job's own words, and the worker lives on", async () => {
    const { call } = newCaller();
    expect(await call("fall", null)).toMatchObject({
      ok: false,
      failure: { kind: "ended-early", cause: "a stone in the way" },
    });
    expect(await call("double", 3)).toEqual({ ok: true, value: 6 });
    expect(workers).toHaveLength(1);
  });

  it("are given what is transferred, and give it back", async () => {
    const { call } = newCaller();
    const bytes = new ArrayBuffer(16);
    const answer = await call("give", bytes, { transfer: [bytes] });
    expect(bytes.byteLength).toBe(0);
    expect(answer.ok && answer.value.byteLength).toBe(16);
  });

  it("end in a failure when the worker crashes, and the next one has a new worker", async () => {
    const { call } = newCaller();
    const hanging = call("hang", null);
    await nextTurn();
    workers[0]?.crash("out of memory");
    expect(await hanging).toMatchObject({ ok: false, failure: { cause: "out of memory" } });
    expect(await call("double", 4)).toEqual({ ok: true, value: 8 });
    expect(workers.map((worker) => worker.isTerminated())).toEqual([true, false]);
  });

  it("that are aborted take their worker with them and reject with the reason", async () => {
    const { call } = newCaller();
    const abort = new AbortController();
    const hanging = call("hang", null, { signal: abort.signal });
    const next = call("double", 5);
    await nextTurn();
    abort.abort(new Error("not wanted any more"));
    await expect(hanging).rejects.toThrow("not wanted any more");
    expect(await next).toEqual({ ok: true, value: 10 });
    expect(workers[0]?.isTerminated()).toBe(true);
  });

  it("that are aborted while they wait leave the running one alone", async () => {
    const { call } = newCaller();
    const abort = new AbortController();
    const first = call("double", 6);
    const second = call("double", 7, { signal: abort.signal });
    abort.abort(new Error("not wanted any more"));
    await expect(second).rejects.toThrow("not wanted any more");
    expect(await first).toEqual({ ok: true, value: 12 });
    expect(log).toEqual(["begin 6", "end 6"]);
    expect(workers).toHaveLength(1);
  });

  it("cannot be called after close", () => {
    const { call, close } = newCaller();
    close();
    expect(() => call("double", 1)).toThrow("after close");
  });
});
