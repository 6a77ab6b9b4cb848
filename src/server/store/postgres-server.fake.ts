import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { openServer } from "./postgres.ts";

/** A real PostgreSQL of a test's own, on a free port of this machine. */
export type TestPostgres = {
  readonly url: string;
  /** Ends it at once, as a crash or `pg_ctl stop -m immediate` does. */
  readonly crash: () => Promise<void>;
  /** Starts it again on what it had stored. */
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
};

function programDirectory(): string | null {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const places = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...versions.map((version) => join(debian, version, "bin")),
  ];
  return places.find((place) => existsSync(join(place, "initdb"))) ?? null;
}

/** Why no PostgreSQL can be started here; null where one can. */
export function lackOfPostgres(): string | null {
  if (programDirectory() === null) return "PostgreSQL is not installed: npm run setup";
  return process.getuid?.() === 0 && postgresUser() === null
    ? "root may not run it, and there is no user postgres"
    : null;
}

type User = { readonly uid: number; readonly gid: number };

function idOf(flag: "-u" | "-g", user: string): number {
  return Number(execFileSync("id", [flag, user], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
}

/** Root may not run PostgreSQL; Debian's package makes a user that may. */
function postgresUser(): User | null {
  try {
    return { uid: idOf("-u", "postgres"), gid: idOf("-g", "postgres") };
  } catch {
    // `id` says that there is no such user.
    return null;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

/** Makes a database cluster and starts it. Whoever starts it closes it. */
export async function startPostgres(): Promise<TestPostgres> {
  const programs = programDirectory();
  if (programs === null) throw new Error(lackOfPostgres() ?? "no PostgreSQL");
  const user = process.getuid?.() === 0 ? postgresUser() : null;
  const directory = mkdtempSync(join(tmpdir(), "streamgauge-postgres-"));
  if (user !== null) chownSync(directory, user.uid, user.gid);
  const data = join(directory, "data");
  execFileSync(
    join(programs, "initdb"),
    ["-D", data, "-U", "streamgauge", "--auth=trust", "--no-sync", "-E", "UTF8"],
    {
      ...user,
      cwd: directory,
      stdio: "ignore",
    },
  );
  const port = await freePort();
  const url = `postgres://streamgauge@127.0.0.1:${port}/postgres`;
  let stop: (() => Promise<void>) | null = null;
  const start = async (): Promise<void> => {
    const args = ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", directory, "-c", "fsync=off"];
    const child = spawn(join(programs, "postgres"), args, {
      ...user,
      cwd: directory,
      stdio: "ignore",
    });
    const ended = new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
    });
    stop = async () => {
      child.kill("SIGQUIT");
      await ended;
    };
    await untilAnswering(url, () => child.exitCode !== null);
  };
  await start();
  return {
    url,
    start,
    crash: async () => {
      await stop?.();
    },
    close: async () => {
      await stop?.();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function untilAnswering(url: string, hasEnded: () => boolean): Promise<void> {
  for (;;) {
    const opened = await openServer(url);
    if (opened.ok) {
      await opened.value.close();
      return;
    }
    if (hasEnded()) throw new Error("PostgreSQL ended before it answered");
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
