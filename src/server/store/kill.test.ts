import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { expect, it } from "vitest";

const killCount = 20;

type Opened = {
  readonly failure: unknown;
  readonly complaints: readonly string[];
  readonly before: { readonly outcome: string; readonly count: number } | null;
};

/** Runs the child until it has written `stretches`, then kills it; answers what it found and what it had written. */
async function measureAndKill(
  directory: string,
  number: number,
  stretches: number,
): Promise<{ readonly opened: Opened; readonly written: number }> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", join(import.meta.dirname, "kill-child.fake.ts"), directory, String(number)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const exited = once(child, "exit");
  let opened: Opened | null = null;
  let written = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (opened === null) opened = JSON.parse(line) as Opened;
    else written = Number(line);
    if (written >= stretches * 30) child.kill("SIGKILL");
  }
  await exited;
  if (opened === null) throw new Error("the child ended before it had opened the store");
  return { opened, written };
}

it(`a store whose process is killed ${killCount} times opens clean each time, with all that was written`, async () => {
  const directory = mkdtempSync(join(tmpdir(), "streamgauge-kill-"));
  const measured: { readonly opened: Opened; readonly written: number }[] = [];
  for (let kill = 0; kill <= killCount; kill += 1) {
    measured.push(await measureAndKill(directory, 100 + kill, 1 + ((kill * 7) % 23)));
  }
  for (const [kill, { opened }] of measured.entries()) {
    expect(opened).toMatchObject({ failure: null, complaints: [] });
    expect(opened.before?.outcome ?? "none before").toBe(kill === 0 ? "none before" : "cut");
    expect(opened.before?.count ?? 0).toBeGreaterThanOrEqual(measured[kill - 1]?.written ?? 0);
  }
  rmSync(directory, { recursive: true });
}, 400_000);
