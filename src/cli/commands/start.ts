import { hostname } from "node:os";
import { join } from "node:path";

import { succeed, type Result } from "../../core/failure.ts";
import { lanAddresses } from "../../server/addresses.ts";
import { keepCertificate, type Certificate } from "../../server/certificate.ts";
import { dataDirectory, openDataDirectory } from "../../server/data-directory.ts";
import { isLoopbackName } from "../../server/hosts.ts";
import { keepToken, tokenFileName } from "../../server/runs/access.ts";
import type { RunsOptions } from "../../server/runs/runs.ts";
import { serve, type Serving } from "../../server/serve.ts";
import { createStreamgaugeServer } from "../../server/server.ts";
import { createStore, type RunStore } from "../../server/store/store.ts";
import { showOptions } from "../arguments.ts";
import { writeBanner, type StartFacts } from "../banner.ts";
import type { Command } from "../command.ts";
import { clearHalfImports } from "../left-over.ts";
import { openBuiltPage, openDevelopmentPage, type Page } from "../page.ts";
import { readVersion } from "../place.ts";
import { onceAskedToStop } from "../until-stopped.ts";
import { readStartOptions, startEnvironment, startOptionSpecs, type StartOptions } from "./start-options.ts";

/** `streamgauge start`: serves the instrument until it is stopped. */
export const startCommand: Command = {
  about: "serve the sender and receiver pages",
  help: () =>
    [
      "streamgauge start [options]",
      "",
      showOptions(startOptionSpecs),
      "",
      "Environment:",
      ...startEnvironment.map(([name, help]) => `  ${name.padEnd(25)}${help}`),
    ].join("\n"),
  run: async (args, terminal) => {
    const options = readStartOptions(args, process.env);
    if (!options.ok) return options;
    if (options.value === null) {
      terminal.print(startCommand.help());
      return succeed(0);
    }
    const started = await start(options.value);
    if (!started.ok) return started;
    const { facts, store, close } = started.value;
    await clearHalfImports(store, terminal);
    const stopped = new Promise<NodeJS.Signals>((resolve) => void onceAskedToStop(resolve));
    terminal.print(
      options.value.json ? JSON.stringify(facts) : writeBanner(facts, { coloured: terminal.coloured }),
    );
    await stopped;
    await close();
    return succeed(0);
  },
};

type Started = {
  readonly facts: StartFacts;
  readonly store: RunStore;
  readonly close: () => Promise<void>;
};

async function start(options: StartOptions): Promise<Result<Started>> {
  const certificate = options.https ? await openCertificate(options) : succeed(null);
  if (!certificate.ok) return certificate;
  const page = options.development ? succeed(await openDevelopmentPage()) : openBuiltPage();
  if (!page.ok) return page;
  const version = await readVersion();
  const runs = await openRuns(options);
  if (!runs.ok) return runs;
  const serving = await mount(options, {
    page: page.value,
    certificate: certificate.value,
    version,
    runs: runs.value,
  });
  if (!serving.ok) {
    await page.value.close();
    return serving;
  }
  return succeed({
    facts: {
      version,
      ...urlsOf(options, serving.value.port),
      https: options.https,
      fingerprint: certificate.value?.fingerprint ?? null,
      development: options.development,
      tokenFile: options.token === null ? join(dataDirectory(process.env), tokenFileName) : null,
    },
    store: runs.value.store,
    close: async () => {
      await serving.value.close();
      await runs.value.store.close();
      await page.value.close();
    },
  });
}

type Parts = {
  readonly page: Page;
  readonly certificate: Certificate | null;
  readonly version: string;
  readonly runs: RunsOptions;
};

function mount(options: StartOptions, { page, certificate, version, runs }: Parts): Promise<Result<Serving>> {
  const server = createStreamgaugeServer({
    page: page.handler,
    pageMode: options.development ? "development" : "built",
    version,
    names: [hostname(), ...(options.host === null ? [] : [options.host]), ...options.names],
    iceServers: options.iceServers,
    turnSecret: options.turnSecret,
    relay: options.relay,
    runs,
  });
  return serve(
    { ...server, upgrade: page.wrap(server.upgrade) },
    { port: options.port, host: options.host, certificate },
  );
}

/** The database itself is opened when it is first needed: starting does not wait for it. */
async function openRuns(options: StartOptions): Promise<Result<RunsOptions>> {
  const directory = await openDataDirectory(dataDirectory(process.env));
  if (!directory.ok) return directory;
  const token = options.token === null ? await keepToken(directory.value) : succeed(options.token);
  if (!token.ok) return token;
  const store = createStore({ directory: directory.value, databaseUrl: options.databaseUrl });
  return succeed({ store, token: token.value });
}

async function openCertificate(options: StartOptions): Promise<Result<Certificate>> {
  const directory = await openDataDirectory(dataDirectory(process.env));
  if (!directory.ok) return directory;
  const names = ["localhost", "127.0.0.1", hostname(), ...options.names, ...lanAddresses()];
  return keepCertificate(directory.value, { names: [...new Set(names)], nowMs: Date.now() });
}

function urlsOf({ host, https }: StartOptions, port: number): Pick<StartFacts, "local" | "network"> {
  const scheme = https ? "https" : "http";
  const toUrl = (name: string): string => `${scheme}://${name.includes(":") ? `[${name}]` : name}:${port}`;
  const local = `http://localhost:${port}`;
  if (host === null || host === "0.0.0.0" || host === "::")
    return { local, network: lanAddresses().map(toUrl) };
  if (isLoopbackName(host)) return { local: toUrl(host).replace(/^https/, "http"), network: [] };
  return { local: "", network: [toUrl(host)] };
}
