import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { chromium } from "@playwright/test";
import { WebSocket } from "ws";

import { chromiumOptions } from "../../e2e/chromium.ts";

type Answer = {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
};

/** Asks something of the browser or of one page by the Chrome DevTools Protocol. Rejects with the browser's own words. */
export type Ask = (method: string, params?: object) => Promise<unknown>;

/** A page of a device of its own. */
export type BarePage = {
  readonly ask: Ask;
  /** Runs an expression in the page; resolves with what it, or its promise, comes to. */
  readonly evaluate: (expression: string) => Promise<unknown>;
};

/**
 * Chromium driven by nothing but what is asked of it. Playwright and puppeteer keep every request and answer of a page in the page's own
 * process, which would be measured as the page's.
 */
export type BareBrowser = {
  readonly ask: Ask;
  readonly openPage: (url: string) => Promise<BarePage>;
  readonly close: () => Promise<void>;
};

/** Starts one with a fresh profile. Whoever started it closes it. */
export async function startBareBrowser(extraArguments: readonly string[]): Promise<BareBrowser> {
  const { executablePath = chromium.executablePath(), args = [] } = chromiumOptions();
  const profile = mkdtempSync(join(tmpdir(), "streamgauge-bare-"));
  const own = ["--headless", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"];
  const child = spawn(executablePath, [...args, ...extraArguments, ...own], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(child, "exit");
  const address = await addressOf(createInterface({ input: child.stderr }));
  const socket = new WebSocket(address, { maxPayload: 256 * 1024 * 1024 });
  await once(socket, "open");
  const ask = createAsking(socket);
  return {
    ask: (method, params) => ask(method, params, null),
    openPage: async (url) => {
      const { browserContextId } = (await ask("Target.createBrowserContext", {}, null)) as {
        readonly browserContextId: string;
      };
      const target = (await ask("Target.createTarget", { url, browserContextId }, null)) as object;
      const { sessionId } = (await ask("Target.attachToTarget", { ...target, flatten: true }, null)) as {
        readonly sessionId: string;
      };
      const asked: Ask = (method, params) => ask(method, params, sessionId);
      return { ask: asked, evaluate: (expression) => evaluateBy(asked, expression) };
    },
    close: async () => {
      socket.close();
      child.kill("SIGKILL");
      await exited;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function addressOf(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const [, address] = /^DevTools listening on (ws:\S+)/u.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error("Chromium ended before it could be asked");
}

function createAsking(socket: WebSocket) {
  const waiting = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  socket.on("message", (data) => {
    const answer = JSON.parse((data as Buffer).toString("utf8")) as Answer;
    if (answer.id === undefined) return;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  return async (method: string, params: object = {}, sessionId: string | null): Promise<unknown> => {
    lastId += 1;
    const id = lastId;
    const answered = new Promise<Answer>((resolve) => void waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params, ...(sessionId === null ? {} : { sessionId }) }));
    const { result, error } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  };
}

async function evaluateBy(ask: Ask, expression: string): Promise<unknown> {
  const { result, exceptionDetails } = (await ask("Runtime.evaluate", {
    expression,
    awaitPromise: true,
    returnByValue: true,
  })) as {
    readonly result: { readonly value?: unknown };
    readonly exceptionDetails?: { readonly text: string };
  };
  if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
  return result.value ?? null;
}
