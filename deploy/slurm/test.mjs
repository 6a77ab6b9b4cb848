import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { cpus, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { Client } from "pg";

import { build, install, root } from "../prepare.mjs";

// A sweep as a job array on a real Slurm of one machine, its results in one real PostgreSQL. Exit code 0: as it should be.

/** How long the whole sweep may take, ms. */
const patienceMs = 240_000;
const runCount = 4;

function lack() {
  if (process.getuid?.() !== 0) return "it has to be run by root";
  const missing = ["slurmctld", "slurmd", "sbatch", "munged"].filter(
    (name) => spawnSync("which", [name]).status !== 0,
  );
  if (missing.length > 0) return `${missing.join(", ")} missing: apt install slurm-wlm`;
  return postgresPrograms() === null ? "PostgreSQL missing: apt install postgresql" : null;
}

function postgresPrograms() {
  const place = "/usr/lib/postgresql";
  const [newest] = existsSync(place) ? readdirSync(place).toSorted((a, b) => Number(b) - Number(a)) : [];
  return newest === undefined ? null : join(place, newest, "bin");
}

function idsOf(user) {
  const idOf = (flag) => Number(execFileSync("id", [flag, user], { encoding: "utf8" }));
  return { uid: idOf("-u"), gid: idOf("-g") };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const children = [];

/** Starts a program in the foreground, so that it ends with this one. */
function start(directory, command, args, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (said) => appendFileSync(join(directory, "said.log"), said));
  }
  children.push(child);
}

async function until(what, isSo, limitMs = 30_000) {
  const startMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startMs > limitMs) throw new Error(`${what}: not within ${limitMs / 1000} s`);
    await wait(200);
  }
}

async function startPostgres(directory) {
  const programs = postgresPrograms();
  const user = idsOf("postgres");
  const data = join(directory, "postgres");
  mkdirSync(data);
  chownSync(data, user.uid, user.gid);
  const quiet = { ...user, cwd: data, stdio: "ignore" };
  execFileSync(
    join(programs, "initdb"),
    ["-D", join(data, "data"), "-U", "streamgauge", "--auth=trust", "--no-sync"],
    quiet,
  );
  const port = await freePort();
  start(
    directory,
    join(programs, "postgres"),
    ["-D", join(data, "data"), "-p", String(port), "-h", "127.0.0.1", "-k", data],
    {
      ...user,
      cwd: data,
    },
  );
  const url = `postgres://streamgauge@127.0.0.1:${port}/postgres`;
  await until("PostgreSQL answers", async () => (await ask(url, "select 1")) !== null);
  return url;
}

/** Rows of a query; null where the database does not answer or the table is not there yet. */
async function ask(url, sql) {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } catch {
    return null;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A cluster of this one machine, with ports, keys and directories of its own. */
async function startSlurm(directory) {
  const key = join(directory, "munge.key");
  writeFileSync(key, execFileSync("head", ["-c", "1024", "/dev/urandom"]), { mode: 0o400 });
  const socket = join(directory, "munge.socket");
  start(directory, "munged", [
    "--foreground",
    "--force",
    `--key-file=${key}`,
    `--socket=${socket}`,
    `--pid-file=${directory}/munged.pid`,
    `--log-file=${directory}/munged.log`,
    `--seed-file=${directory}/munged.seed`,
  ]);
  await until("munge answers", () => existsSync(socket));
  const name = hostname().split(".", 1)[0];
  const configuration = {
    ClusterName: "streamgauge",
    SlurmctldHost: `${name}(127.0.0.1)`,
    SlurmUser: "root",
    AuthType: "auth/munge",
    AuthInfo: `socket=${socket}`,
    CredType: "cred/munge",
    SlurmctldPort: await freePort(),
    SlurmdPort: await freePort(),
    StateSaveLocation: join(directory, "state"),
    SlurmdSpoolDir: join(directory, "spool"),
    SlurmctldPidFile: join(directory, "slurmctld.pid"),
    SlurmdPidFile: join(directory, "slurmd.pid"),
    ProctrackType: "proctrack/linuxproc",
    TaskPlugin: "task/none",
    MpiDefault: "none",
    SelectType: "select/cons_tres",
    SelectTypeParameters: "CR_CPU",
    ReturnToService: "2",
    AccountingStorageType: "accounting_storage/none",
    JobAcctGatherType: "jobacct_gather/none",
  };
  for (const each of ["state", "spool"]) mkdirSync(join(directory, each));
  const lines = Object.entries(configuration).map(([field, value]) => `${field}=${value}`);
  lines.push(`NodeName=${name} NodeAddr=127.0.0.1 CPUs=${cpus().length} RealMemory=2000 State=UNKNOWN`);
  lines.push(`PartitionName=measure Nodes=${name} Default=YES MaxTime=INFINITE State=UP`);
  const path = join(directory, "slurm.conf");
  writeFileSync(path, `${lines.join("\n")}\n`);
  start(directory, "slurmctld", ["-D", "-f", path]);
  start(directory, "slurmd", ["-D", "-f", path, "-N", name]);
  const env = { ...process.env, SLURM_CONF: path };
  await until("Slurm has a node", () =>
    /\bidle\b/.test(spawnSync("sinfo", ["-h", "-o", "%T"], { env, encoding: "utf8" }).stdout),
  );
  return env;
}

async function sweep(directory) {
  const databaseUrl = await startPostgres(directory);
  const slurm = await startSlurm(directory);
  const env = {
    ...slurm,
    DATABASE_URL: databaseUrl,
    STREAMGAUGE_COMMAND: `${process.execPath} ${join(root, "dist/node/streamgauge.js")}`,
    STREAMGAUGE_AT_ONCE: "1",
    STREAMGAUGE_DATA: join(directory, "data"),
  };
  const submitted = spawnSync(
    join(root, "deploy/slurm/submit.sh"),
    [join(root, "deploy/slurm/plan.yaml"), "--mem=500M"],
    { env, cwd: directory, encoding: "utf8" },
  );
  process.stdout.write(submitted.stdout + submitted.stderr);
  if (submitted.status !== 0) throw new Error("sbatch refused the job array");
  const startMs = performance.now();
  await until(
    "the array ends",
    () => spawnSync("squeue", ["-h"], { env, encoding: "utf8" }).stdout.trim() === "",
    patienceMs,
  );
  const tookS = ((performance.now() - startMs) / 1000).toFixed(0);
  const rows =
    (await ask(
      databaseUrl,
      "select number, outcome, comparison_id from (select (head->>'number')::int as number, outcome, comparison_id from run) as run order by number",
    )) ?? [];
  const comparisonCount = new Set(rows.map((row) => row.comparison_id)).size;
  const isGood =
    rows.length === runCount && rows.every((row) => row.outcome === "measured") && comparisonCount === 1;
  process.stdout.write(
    `${rows.length} of ${runCount} runs in one database, ${comparisonCount} comparison, ${rows.map((row) => row.outcome).join(", ")}; ${tookS} s\n`,
  );
  return isGood && reportsWhole(env, directory, rows[0].comparison_id);
}

/** Statistics over all tasks at once, by `streamgauge report`. */
function reportsWhole(env, directory, comparisonId) {
  const out = join(directory, "report");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "dist/node/streamgauge.js"), "report", comparisonId, "--out", out],
    { env, cwd: directory, encoding: "utf8" },
  );
  const isWritten = existsSync(join(out, "report.json"));
  const cells = isWritten ? JSON.parse(readFileSync(join(out, "report.json"), "utf8")).analysis.cells : [];
  const counts = cells.map(({ providers }) => providers.map(({ wholeCount }) => wholeCount).join("+"));
  process.stdout.write(`report: exit code ${status}, whole runs by setting: ${counts.join(", ")}\n`);
  // Two settings, each repeated twice.
  const isGood = status === 0 && counts.join() === "2,2";
  if (!isGood) process.stderr.write(stdout + stderr);
  return isGood;
}

function showLogs(directory) {
  for (const name of readdirSync(directory).filter((each) => each.endsWith(".log"))) {
    process.stderr.write(`--- ${name}\n${readFileSync(join(directory, name), "utf8").slice(-3000)}\n`);
  }
}

const why = lack();
if (why === null) {
  install();
  build();
  const directory = mkdtempSync(join(tmpdir(), "streamgauge-slurm-"));
  chmodSync(directory, 0o755);
  let isGood = false;
  try {
    isGood = await sweep(directory);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  if (!isGood) showLogs(directory);
  for (const child of children.toReversed()) child.kill("SIGTERM");
  await wait(1000);
  rmSync(directory, { recursive: true, force: true });
  process.stdout.write(isGood ? "Slurm: passed\n" : "Slurm: failed\n");
  process.exitCode = isGood ? 0 : 1;
} else process.stdout.write(`Slurm: skipped, ${why}\n`);
