import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { createRandom, type Random } from "../src/core/scene/random.ts";
import type { StoredRun } from "../src/core/wire/runs.ts";
import type { Bench } from "./bench-type.ts";
import { startCommand, type StartedCommand } from "./parts/start-command.ts";

const plan = `name: Killed
scene: { size: 320x180, fps: 30 }
encoder: { codec: vp8, bitrate: 400 kbit/s }
warmUp: 0 s
duration: 10 min
providers:
  direct: { publish: { via: peer } }
`;

/** What a kill may lose, ms. */
const promisedMs = 2000;

/** Waits until something is so; its limit is a failure of what is measured. */
async function until<Value>(what: string, look: () => Promise<Value | null>): Promise<Value> {
  const deadlineMs = performance.now() + 45_000;
  while (performance.now() < deadlineMs) {
    const found = await look();
    if (found !== null) return found;
    await sleep(50);
  }
  throw new Error(`${what} took longer than 45 s`);
}

type Served = { readonly server: StartedCommand; readonly origin: string };

async function serveStore(data: string): Promise<Served> {
  const server = startCommand(["start", "--json", "--no-https", "--port", "0", "--host", "127.0.0.1"], data);
  const facts = await until("starting the server", async () => {
    const line = server
      .said()
      .split("\n")
      .find((one) => one.startsWith("{"));
    return line === undefined ? null : (JSON.parse(line) as { readonly local: string });
  });
  return { server, origin: facts.local };
}

async function get<Body>(origin: string, path: string): Promise<Body> {
  const response = await fetch(`${origin}/api/runs${path}`);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
}

/** Id of the run in the journal of a process, once there are observations of it. */
async function runOf(data: string, pid: number): Promise<string | null> {
  const folder = join(data, "journal");
  const names = await readdir(folder).catch(() => []);
  const name = names.find((one) => one.includes(`.${pid}-`));
  if (name === undefined) return null;
  const text = await readFile(join(folder, name), "utf8").catch(() => "");
  return text.includes('"kind":"observations"')
    ? (/"kind":"begin","run":\{"id":"([^"]+)"/.exec(text)?.[1] ?? null)
    : null;
}

type Killed = { readonly runId: string; readonly atMs: number };

/** Measures with a server that stores, kills both at their instants. */
async function measureAndKill(plans: string, data: string, random: Random): Promise<Killed> {
  const { server } = await serveStore(data);
  const command = startCommand(["compare", join(plans, "plan.yaml"), "--out", join(plans, "report")], data);
  const runId = await until("measuring", async () => {
    if (command.ended()) throw new Error(`the command ended:\n${command.said()}`);
    return runOf(data, command.pid);
  });
  await sleep(random.between(0, 4000));
  const isServerFirst = random.between(0, 1) === 0;
  const [first, second] = isServerFirst ? [server, command] : [command, server];
  await first.kill();
  await sleep(random.between(0, 1000));
  // The measuring ends when the command does, whichever went first.
  const atMs = isServerFirst ? Date.now() : first.killedAtMs();
  await second.kill();
  return { runId, atMs };
}

type Found = { readonly lossMs: number; readonly isCut: boolean };

/** What a server finds of a run whose command was killed. */
async function findOf(origin: string, { runId, atMs }: Killed): Promise<Found> {
  const run = await until("taking the run in", async () => {
    const found = await get<StoredRun>(origin, `/${runId}`).catch(() => null);
    return found === null || found.state === "open" ? null : found;
  });
  return { lossMs: atMs - (run.end?.endedAtUs ?? 0) / 1000, isCut: run.state === "cut" };
}

/** The real server and the real command, killed (SIGKILL) while they measure; the data directory is the same throughout. */
export const bench: Bench = {
  name: "kill",
  about: "kill -9 of server and command in the middle of a run, 20 times at random instants on one store",
  run: async ({ quick, progress }) => {
    const killCount = quick ? 3 : 20;
    const directory = await mkdtemp(join(tmpdir(), "streamgauge-kill-"));
    const data = join(directory, "data");
    const random = createRandom(1);
    const found: Found[] = [];
    try {
      await writeFile(join(directory, "plan.yaml"), plan);
      for (let kill = 1; kill <= killCount; kill += 1) {
        const killed = await measureAndKill(directory, data, random);
        const { server, origin } = await serveStore(data);
        const one = await findOf(origin, killed);
        await server.kill();
        found.push(one);
        progress(`kill ${kill}: ${one.isCut ? "cut" : "NOT CUT"}, lost ${one.lossMs.toFixed(0)} ms`);
      }
      const { server, origin } = await serveStore(data);
      const list = await get<{ readonly totalCount: number }>(origin, "?state=cut");
      await server.kill();
      const left = await readdir(join(data, "journal"));
      const lossesMs = found.map(({ lossMs }) => lossMs).toSorted((a, b) => a - b);
      return {
        killCount,
        keptRunCount: list.totalCount,
        cutCount: found.filter(({ isCut }) => isCut).length,
        journalsLeftCount: left.length,
        lossMedianMs: Math.round(lossesMs[Math.floor(lossesMs.length / 2)] ?? 0),
        lossMaxMs: Math.round(lossesMs.at(-1) ?? 0),
        withinPromise: lossesMs.every((lossMs) => lossMs <= promisedMs),
      };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};
