import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { test as base, type BrowserContext, type BrowserContextOptions } from "@playwright/test";

/** The built instrument, started as a user starts it. Whoever started it stops it. */
export type InstrumentServer = {
  /** Such as `http://localhost:40123`. */
  readonly url: string;
  readonly port: number;
  /** Ends it as Ctrl-C does and waits; resolves with its exit code. */
  readonly stop: () => Promise<number>;
  /** Ends it without a warning (SIGKILL) and waits. */
  readonly kill: () => Promise<void>;
};

/**
 * Starts the built command on plain http, on a free port unless `args` say otherwise. Its data directory is its own unless
 * `environment` names one.
 */
export async function startServer(
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<InstrumentServer> {
  const directory = mkdtempSync(join(tmpdir(), "streamgauge-e2e-"));
  const command = join(import.meta.dirname, "../dist/node/streamgauge.js");
  const port = args.includes("--port") ? [] : ["--port", "0"];
  const child = spawn(process.execPath, [command, "start", "--no-https", "--json", ...port, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, STREAMGAUGE_DATA: directory, DATABASE_URL: "", ...environment },
  });
  const exited = once(child, "exit") as Promise<[code: number | null]>;
  void exited.then(() => rmSync(directory, { recursive: true, force: true }));
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([
    once(lines, "line").then(([text]) => String(text)),
    exited.then(([code]) => {
      throw new Error(`the server ended with ${code} before it was ready`);
    }),
  ]);
  const { local } = JSON.parse(line) as { readonly local: string };
  return {
    url: local,
    port: Number(new URL(local).port),
    stop: async () => {
      child.kill("SIGINT");
      return (await exited)[0] ?? -1;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** Opens a context, which is a device of its own; closed when the test ends, so that no stream burdens the next test. */
export type OpenDevice = (options?: BrowserContextOptions) => Promise<BrowserContext>;

/** Playwright's test with one server a worker; `page.goto("/sender")` goes there. */
export const test = base.extend<{ readonly openDevice: OpenDevice }, { readonly server: InstrumentServer }>({
  server: [
    async ({}, provide) => {
      const server = await startServer();
      await provide(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  openDevice: async ({ browser, baseURL }, provide) => {
    const opened: BrowserContext[] = [];
    await provide(async (options = {}) => {
      const context = await browser.newContext({ ...(baseURL === undefined ? {} : { baseURL }), ...options });
      opened.push(context);
      return context;
    });
    await Promise.all(opened.map((context) => context.close()));
  },
  baseURL: async ({ server }, provide) => {
    await provide(server.url);
  },
});
