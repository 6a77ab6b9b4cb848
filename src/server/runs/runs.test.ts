import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { parquetReadObjects } from "hyparquet";
import * as v from "valibot";
import { afterAll, beforeAll, expect, it } from "vitest";

import { runListSchema, runTrendSchema, storedRunSchema, streamChartSchema } from "../../core/wire/runs.ts";
import { systemClock } from "../clock.ts";
import { serve, type Serving } from "../serve.ts";
import { createStreamgaugeServer, sendText } from "../server.ts";
import { testRows } from "../store/journal.fake.ts";
import { testId, testJournal, testStartUs, type TestRun } from "../store/journal.fake.ts";
import { putMadeStore } from "../store/made-store.fake.ts";
import { createStore, type RunStore } from "../store/store.ts";

const token = "a-token-of-this-test";
let directory = "";
let store: RunStore;
let serving: Serving;
let url = "";
const logged: string[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "streamgauge-runs-"));
  await putMadeStore(directory);
  store = createStore({ directory, databaseUrl: null });
  const server = createStreamgaugeServer({
    page: (_request, response) => sendText(response, 200, "the page"),
    pageMode: "built",
    version: "0.0.0",
    names: ["gauge.test"],
    iceServers: [],
    turnSecret: null,
    clock: { ...systemClock, every: () => () => undefined },
    runs: { store, token },
    log: (line) => logged.push(line),
  });
  const served = await serve(server, { port: 0, host: "127.0.0.1", certificate: null });
  if (!served.ok) throw new Error(served.failure.next);
  serving = served.value;
  url = `http://127.0.0.1:${serving.port}`;
  await store.open();
}, 60_000);

afterAll(async () => {
  await serving.close();
  await store.close();
  rmSync(directory, { recursive: true });
});

function fileOf(run: TestRun, observationCount = 120): string {
  return testJournal(run, observationCount)
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");
}

function post(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/api/runs`, { method: "POST", body, headers });
}

it("a run that is imported is listed, read in full, and leaves as the file it came as", async () => {
  expect((await post(gzipSync(fileOf({ number: 20 })))).status).toBe(201);
  const list = v.parse(runListSchema, await (await fetch(`${url}/api/runs?text=noon`)).json());
  expect(list.runs.map(({ id }) => id)).toContain(testId(20));
  const run = v.parse(storedRunSchema, await (await fetch(`${url}/api/runs/${testId(20)}`)).json());
  expect(run).toMatchObject({ state: "measured", streams: [{ observationCount: 120 }] });
  const file = await fetch(`${url}/api/runs/${testId(20)}/file`);
  expect(file.headers.get("content-disposition")).toContain(".jsonl.gz");
  const bytes = new Uint8Array(await file.arrayBuffer());
  expect((await fetch(`${url}/api/runs/${testId(20)}`, { method: "DELETE" })).status).toBe(204);
  expect((await fetch(`${url}/api/runs/${testId(20)}`)).status).toBe(404);
  expect((await post(bytes)).status).toBe(201);
  const back = v.parse(storedRunSchema, await (await fetch(`${url}/api/runs/${testId(20)}`)).json());
  expect(back).toEqual(run);
});

it("notes and tags are kept, and found again", async () => {
  await post(fileOf({ number: 21 }));
  const change = (body: string) => fetch(`${url}/api/runs/${testId(21)}`, { method: "PATCH", body });
  expect((await change('{"note":"after the firmware","tags":["lab","lab","5G"]}')).status).toBe(204);
  expect((await change('{"note":7,"tags":[]}')).status).toBe(400);
  expect((await change(String.raw`{"note":"\u0000","tags":[]}`)).status).toBe(400);
  expect((await change(String.raw`{"note":"","tags":["\ud83c"]}`)).status).toBe(400);
  const list = v.parse(runListSchema, await (await fetch(`${url}/api/runs?tag=5G`)).json());
  expect(list.runs[0]).toMatchObject({ id: testId(21), note: "after the firmware", tags: ["lab", "5G"] });
});

it("observations come as CSV, Parquet and a chart, and a provider's figures as a trend", async () => {
  await post(fileOf({ number: 22, provider: "trendy", latencyP95Ms: 77 }, 600));
  const stream = `${url}/api/runs/${testId(22)}/streams/1`;
  const csv = await (await fetch(`${stream}/observations.csv?fromUs=${testStartUs + 1_000_000}`)).text();
  expect(csv.split("\r\n")).toHaveLength(1 + 540 + 1);
  expect(csv.split("\r\n")[1]).toMatch(/^60,/);
  const parquet = await (await fetch(`${stream}/observations.parquet?minLatencyMs=69`)).arrayBuffer();
  expect(await parquetReadObjects({ file: parquet })).toHaveLength(0);
  const chart = v.parse(streamChartSchema, await (await fetch(`${stream}/chart?slices=10`)).json());
  expect(chart.frameCounts).toEqual(Array.from({ length: 10 }, () => 60));
  const trend = await (await fetch(`${url}/api/runs/trend?measure=latency.p95&provider=trendy`)).json();
  expect(v.parse(runTrendSchema, trend).figures).toMatchObject([{ figure: { value: 77 } }]);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const labels =
    'provider="trendy",plan="Two providers at noon",settings="encoder.bitrate=800 kbit/s",network="none"';
  expect(metrics).toContain(`streamgauge_result{${labels},measure="latency.p95",unit="ms"} 77\n`);
  const figuresOf = async (words: string): Promise<number> => {
    const response = await fetch(`${url}/api/runs/trend?measure=latency.p95&provider=trendy&${words}`);
    return v.parse(runTrendSchema, await response.json()).figures.length;
  };
  expect(
    await figuresOf("plan=Two+providers+at+noon&settings=encoder.bitrate%3D800+kbit/s&network=none"),
  ).toBe(1);
  expect(await figuresOf("settings=encoder.bitrate%3D400+kbit/s")).toBe(0);
  expect(metrics).toContain("streamgauge_store_up 1\n");
});

it.each([
  ["text that is no run file", "hello\n", "line 1"],
  ["a run before its comparison", fileOf({ number: 30 }).split("\n").slice(2).join("\n"), "line 1"],
  ["observations of no run", fileOf({ number: 31 }).split("\n").toSpliced(2, 1).join("\n"), "line 3"],
  ["rows of an odd length", fileOf({ number: 32 }).replace(/"rows":"[^"]{8}/, '"rows":"'), "line 4"],
  [
    "a text that no database holds",
    fileOf({ number: 35 }).replace('"cpu":"', String.raw`"cpu":"\u0000`),
    "line 3",
  ],
  ["a name that would write on terminals", fileOf({ number: 36, provider: "\u001B[31mred" }), "line 3"],
  ["a time out of all bounds", fileOf({ number: 37, startedAtUs: 1e300 }), "line 3"],
  ["a comparison alone", fileOf({ number: 33 }).split("\n").slice(0, 2).join("\n"), "the file"],
  ["half a packed file", gzipSync(fileOf({ number: 34 })).subarray(0, 300), "the file"],
])("%s is refused with the place, and leaves nothing behind", async (_, body, where) => {
  const refused = await post(body);
  expect({ status: refused.status, ...(await refused.json()) }).toMatchObject({
    status: 400,
    where,
    next: expect.any(String),
  });
  expect(readdirSync(store.journalDirectory)).toEqual([]);
});

it.each([
  "/api/runs?limit=0",
  "/api/runs?limit=many",
  "/api/runs?colour=red",
  "/api/runs?sort=a'b",
  "/api/runs?text=%00",
  "/api/runs?tag=a%1B[31m",
  "/api/runs?provider=%00",
  "/api/runs/trend",
  "/api/runs/trend?measure=latency.p95&provider=%00",
  `/api/runs/${testId(20)}/streams/1/chart?slices=1000000`,
])("%s is refused in words", async (path) => {
  const refused = await fetch(url + path);
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ kind: "refused-input" });
});

it.each(["/api/runs/7", `/api/runs/${testId(99)}`, `/api/runs/${testId(99)}/file`, "/api/runs/x/../y"])(
  "%s is not there",
  async (path) => {
    expect((await fetch(url + path)).status).toBe(404);
  },
);

it("a file that the database refuses is told of, and what was wrong with it is kept and counted", async () => {
  const twice = fileOf({ number: 38 }).replace(/"streams":\[(\{[^}]*\})\]/, '"streams":[$1,$1]');
  const refused = await post(twice);
  expect({ status: refused.status, ...(await refused.json()) }).toMatchObject({
    status: 400,
    next: expect.stringMatching(/duplicate key/),
  });
  const [kept = ""] = readdirSync(store.journalDirectory);
  expect(kept).toMatch(/\.jsonl\.broken$/);
  expect(await (await fetch(`${url}/metrics`)).text()).toContain("streamgauge_journals_broken 1\n");
  rmSync(join(store.journalDirectory, kept));
});

it("a fault of the server is answered and logged, and the server goes on", async () => {
  await store.ask((query) => query("alter table measure rename to elsewhere"));
  const broken = await fetch(`${url}/api/runs/choices`);
  expect({ status: broken.status, ...(await broken.json()) }).toMatchObject({
    status: 500,
    kind: "ended-early",
    where: "GET /api/runs/choices",
  });
  expect(logged.at(-1)).toMatch(/^Answering GET \/api\/runs\/choices failed: .*"measure" does not exist/);
  await store.ask((query) => query("alter table elsewhere rename to measure"));
  expect((await fetch(`${url}/api/runs/choices`)).status).toBe(200);
});

function statusOf(headers: Record<string, string>, path = "/api/runs"): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(url + path, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

it("other devices need the token, and a proxy does not make them this machine", async () => {
  const far = { host: "gauge.test" };
  expect(await statusOf({})).toBe(200);
  expect(await statusOf(far)).toBe(401);
  expect(await statusOf(far, "/metrics")).toBe(401);
  expect(await statusOf({ "x-forwarded-for": "10.1.1.1" })).toBe(401);
  expect(await statusOf({ ...far, authorization: `Bearer ${token}x` })).toBe(401);
  expect(await statusOf({ ...far, authorization: `Bearer ${token}` })).toBe(200);
  expect(await statusOf({ origin: "https://elsewhere.test" })).toBe(403);
  expect(await statusOf(far, `/api/runs?token=${token}`)).toBe(401);
});

it("tokens cannot be guessed fast", async () => {
  const guesses = Array.from({ length: 20 }, (_, index) =>
    statusOf({ host: "gauge.test", authorization: `Bearer ${index}` }),
  );
  expect(await Promise.all(guesses)).toContain(429);
});

it("what is exported is what was measured", async () => {
  await post(fileOf({ number: 40 }, 7000));
  const file = await (await fetch(`${url}/api/runs/${testId(40)}/file`)).arrayBuffer();
  const text = new TextDecoder().decode(
    await new Response(new Blob([file]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer(),
  );
  const rows = [...text.matchAll(/"rows":"([^"]*)"/g)].map(([, base64 = ""]) =>
    Buffer.from(base64, "base64"),
  );
  expect(Buffer.concat(rows).equals(testRows(0, 7000))).toBe(true);
});
