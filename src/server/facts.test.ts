import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { factsLifeMs } from "../core/wire/facts.ts";
import { createFakeClock } from "./clock.fake.ts";
import { startTestServer, type TestServer } from "./serve.fake.ts";

const facts = {
  runNumber: 42,
  scene: "builtin",
  seed: 1,
  widthPx: 1280,
  heightPx: 720,
  fps: 30,
  codec: "h264",
  bitrateKbps: 2500,
  clock: { atUs: 1, offsetMs: 3.5, boundMs: 0.2, driftPpm: 0, driftBoundPpm: 1 },
};
const ownKey = "k".repeat(32);
const otherKey = "o".repeat(32);

let clock: ReturnType<typeof createFakeClock>;
let server: TestServer;

beforeEach(async () => {
  clock = createFakeClock();
  server = await startTestServer({ clock });
});
afterEach(() => server.close());

function put(run: number | string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.origin}/api/facts/${run}`, {
    method: "PUT",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { Authorization: `Bearer ${ownKey}`, ...headers },
  });
}

const get = (run: number | string) => fetch(`${server.origin}/api/facts/${run}`);

describe("the facts of a run", () => {
  it("are told to whoever asks by its number, and nobody may keep them", async () => {
    expect((await put(42, facts)).status).toBe(204);
    const answer = await get(42);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.json()).toEqual(facts);
  });

  it("are gone a minute after they were told last", async () => {
    await put(42, facts);
    clock.advance(factsLifeMs);
    expect((await get(42)).status).toBe(404);
  });

  it("are changed by their own sender alone, until they are gone", async () => {
    await put(42, facts);
    const other = { Authorization: `Bearer ${otherKey}` };
    expect((await put(42, { ...facts, seed: 9 }, other)).status).toBe(409);
    expect((await put(42, { ...facts, seed: 2 })).status).toBe(204);
    clock.advance(factsLifeMs);
    expect((await put(42, { ...facts, seed: 9 }, other)).status).toBe(204);
    expect(await (await get(42)).json()).toMatchObject({ seed: 9 });
  });

  it.each([
    ["a run that is no number", "x", facts, {}, 400],
    ["a number too large", 1_000_000, facts, {}, 400],
    ["facts of another run", 43, facts, {}, 400],
    ["what is no JSON", 42, "{", {}, 400],
    ["what has fields beside the facts", 42, { ...facts, more: 1 }, {}, 400],
    ["too much", 42, { ...facts, scene: "x".repeat(5000) }, {}, 400],
    ["no key", 42, facts, { Authorization: "" }, 401],
    ["another site's page", 42, facts, { Origin: "https://elsewhere.test" }, 403],
  ] as const)("are refused from %s, in words", async (_name, run, body, headers, status) => {
    const answer = await put(run, body, headers);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ what: expect.any(String), next: expect.any(String) });
    expect((await get(42)).status).toBe(404);
  });
});
