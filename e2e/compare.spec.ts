import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test as base } from "@playwright/test";

import type { Report } from "../src/core/report/report.ts";
import { browserGroups, hangPages, killBrowsers, processesIn } from "./browser-processes.ts";
import { expectNoSidewaysScroll } from "./conditions.ts";
import { makeMarkedMedia, marked } from "./marked-media.ts";
import { startMediaServer } from "./media-server.ts";

/** Where one test keeps its plan, its reports and its runs. */
type Bench = {
  readonly directory: string;
  /** Starts `streamgauge compare` on a plan's text, as a user does. */
  readonly compare: (plan: string, args?: readonly string[]) => Promise<ChildProcess>;
  /** Starts `streamgauge report` on what is stored. */
  readonly reportAgain: (name: string) => ChildProcess;
  readonly report: (name: string) => Promise<string>;
};

const test = base.extend<{ readonly bench: Bench }>({
  bench: async ({}, provide, info) => {
    const directory = info.outputPath("bench");
    const started: ChildProcess[] = [];
    const start = (...args: readonly string[]): ChildProcess => {
      const command = join(import.meta.dirname, "../dist/node/streamgauge.js");
      const child = spawn(process.execPath, [command, ...args, "--out", join(directory, "report")], {
        env: { ...process.env, STREAMGAUGE_DATA: join(directory, "data"), DATABASE_URL: "" },
        stdio: ["ignore", "pipe", "pipe"],
      });
      started.push(child);
      return child;
    };
    await provide({
      directory,
      compare: async (plan, args = []) => {
        const path = info.outputPath("plan.yaml");
        await writeFile(path, plan);
        return start("compare", path, ...args);
      },
      reportAgain: (name) => start("report", name),
      report: (name) => readFile(join(directory, "report", name), "utf8"),
    });
    for (const child of started) child.kill("SIGKILL");
  },
});

async function ended(child: ChildProcess): Promise<{ readonly code: number; readonly said: string }> {
  let said = "";
  child.stdout?.on("data", (piece) => (said += String(piece)));
  child.stderr?.on("data", (piece) => (said += String(piece)));
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? -1, said };
}

/** Some observations of an attempt, counted from 1, are in the command's journal. */
async function untilJournalled(directory: string, attempt = 1): Promise<void> {
  await expect(async () => {
    const folder = join(directory, "data/journal");
    const [name = ""] = await readdir(folder);
    const attempts = (await readFile(join(folder, name), "utf8")).split('"kind":"begin"');
    expect(attempts[attempt]).toContain('"kind":"observations"');
  }).toPass({ timeout: 40_000 });
}

const head = `scene: { size: 320x180, fps: 30 }
encoder: { codec: h264, bitrate: 400 kbit/s }
warmUp: 1 s
`;

test("a plan is measured, judged and kept, and its report is read in a browser; a provider that is not there fails alone @beside", async ({
  bench,
  page,
}) => {
  const child = await bench.compare(`name: Two that are there, one that is not
${head}duration: 2 s
joinWithin: 6 s
retries: 1
providers:
  direct: { publish: { via: peer } }
  ll-hls: { publish: { via: hls, segment: 1 s, part: 200 ms } }
  gone: { play: { url: "http://127.0.0.1:9/index.m3u8", kind: hls } }
budgets: [direct: latency.p95 < 1 ms, ll-hls: latency.p50 < 9 s, direct: read.ratio > 50 %]
`);
  const { code, said } = await ended(child);
  expect(said).toContain("tried again, attempt 2");
  expect(code).toBe(1);

  const report = JSON.parse(await bench.report("report.json")) as Report;
  const [cell] = report.analysis.cells;
  const [direct, hls, gone] = cell?.providers ?? [];
  const medians = [direct, hls].map((one) => one?.spreads.find(({ key }) => key === "latency.p50")?.median);
  expect(medians[0]).toBeGreaterThan(0);
  expect(medians[1]).toBeGreaterThan(medians[0] ?? Infinity);
  expect(direct).toMatchObject({ wholeCount: 1 });
  expect(gone).toMatchObject({ wholeCount: 0, joined: { share: 0, caseCount: 2 } });
  expect(report.analysis.verdicts.map(({ outcome }) => outcome)).toEqual(["broken", "kept", "kept"]);
  expect(await bench.report("junit.xml")).toContain('<testsuite name="budgets" tests="3" failures="1"');
  expect(await bench.report("report.md")).toContain("ll-hls");
  // All of it is in the store: no journal waits.
  expect(await readdir(join(bench.directory, "data/journal"))).toEqual([]);
  expect((await ended(bench.reportAgain(report.comparison.name))).code).toBe(1);
  const again = JSON.parse(await bench.report("report.json")) as Report;
  expect(again.analysis.verdicts).toEqual(report.analysis.verdicts);
  expect(again.runs).toHaveLength(report.runs.length);

  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto(`file://${join(bench.directory, "report/report.html")}`);
  await expect(page.getByRole("heading", { name: "Two that are there" })).toBeVisible();
  await expect(page.getByRole("img", { name: "Latency, median, ms" })).toBeVisible();
  await expect(page.getByRole("cell", { name: "kept" })).toHaveCount(2);
  await expectNoSidewaysScroll(page);
  expect(complaints).toEqual([]);
});

test("Ctrl-C keeps what was measured, and passes no half run off as whole @beside", async ({ bench }) => {
  const child = await bench.compare(`name: Stopped
${head}duration: 10 min
providers:
  direct: { publish: { via: peer } }
`);
  const end = ended(child);
  await untilJournalled(bench.directory);
  child.kill("SIGINT");
  const { code } = await end;
  expect(code).toBe(2);
  const report = JSON.parse(await bench.report("report.json")) as Report;
  const [run] = report.runs;
  expect(run?.outcome.kind).toBe("cut");
  expect(run?.results[0]?.observationCount).toBeGreaterThan(0);
  expect(report.analysis.cells[0]?.providers[0]).toMatchObject({ wholeCount: 0, cutCount: 1 });
});

test("a browser that is killed, one whose pages hang and a stream that ends fail by themselves, and leave nothing behind @beside", async ({
  bench,
}) => {
  test.skip(process.platform !== "linux", "processes are found by /proc");
  // Three browsers after each other, and the patience that a hanging page is given.
  test.slow();
  const media = await makeMarkedMedia(7);
  const server = await startMediaServer(media.directory);
  try {
    const child = await bench.compare(`name: Bad endings
${head}duration: 7 s
retries: 2
providers:
  short: { play: { url: "${server.url}/${marked.mp4}" } }
`);
    const end = ended(child);
    const groups: number[] = [];
    /** The browsers that measure this attempt. */
    const measuring = async (attempt: number): Promise<readonly number[]> => {
      await untilJournalled(bench.directory, attempt);
      const found = browserGroups(bench.directory).filter((id) => !groups.includes(id));
      groups.push(...found);
      return found;
    };
    killBrowsers(await measuring(1));
    hangPages(await measuring(2));
    expect(await measuring(3)).toHaveLength(1);
    const { code, said } = await end;
    expect(said).toMatch(/the browser (?:crashed|or its page broke).*; tried again, attempt 2/u);
    expect(said).toMatch(/page does not answer.*; tried again, attempt 3/u);
    expect(said).toMatch(/short failed: short: the file has ended/u);
    expect(code).toBe(2);
    const report = JSON.parse(await bench.report("report.json")) as Report;
    expect(report.runs.map(({ attempt, outcome }) => [attempt, outcome.kind])).toEqual([
      [1, "failed"],
      [2, "failed"],
      [3, "measured"],
    ]);
    expect(report.analysis.cells[0]?.providers[0]).toMatchObject({ wholeCount: 0 });
    expect(processesIn(groups)).toEqual([]);
  } finally {
    await server.stop();
    await media.remove();
  }
});

test("a plan that is wrong is refused with its lines, before anything is started @still", async ({
  bench,
}) => {
  const child = await bench.compare("name: x\nduration: 5\nproviders:\n  a: { publish: { vai: peer } }\n");
  const { code, said } = await ended(child);
  expect(code).toBe(2);
  expect(said).toContain("plan.yaml:2: duration takes a duration with its unit");
  expect(said).toContain("plan.yaml:4: providers.a.publish.vai is not a key here");
});
