import { succeed, type Result } from "../../core/failure.ts";
import type { PlannedRun } from "../../core/plan/expand.ts";
import type { Environment } from "../../core/plan/secrets.ts";
import type { Machine, RunHead } from "../../core/runs/run.ts";
import { systemClock } from "../../server/clock.ts";
import type { FoundBrowser } from "../drive/browsers.ts";
import { openNetwork, type Network } from "../drive/conditions.ts";
import { launchBrowser, type DrivenBrowser } from "../drive/launch.ts";
import type { JournalWriter } from "./journal-writer.ts";
import { isOfThisMachine, ownAddresses, roadOf } from "./provider-road.ts";
import type { Redact } from "./redact.ts";
import { createRunId } from "./run-id.ts";
import { createRecord, type StreamRecord } from "./stream-record.ts";

/** What every run of a comparison is measured with. */
export type RunOptions = {
  readonly comparisonId: string;
  readonly browser: FoundBrowser;
  readonly isHeadless: boolean;
  readonly environment: Environment;
  /** Such as `http://localhost:40123`. */
  readonly serverOrigin: string;
  /** The server runs on this machine, with its port on every address. */
  readonly isOwnServer: boolean;
  readonly machine: Omit<Machine, "browser">;
  /** Takes the plan's secrets out of what is kept and told. */
  readonly redact: Redact;
  readonly journal: JournalWriter;
  /** Aborted when the user wants to stop: what was measured is kept. */
  readonly signal: AbortSignal;
  /** Told what is being done, in words, and how much of the run's time is measured. */
  readonly onPhase: (words: string, measuredMs: number) => void;
};

/** Everything that a run opens. Whoever opened it closes it. */
export type Stage = {
  readonly head: RunHead;
  readonly network: Network;
  readonly sending: DrivenBrowser;
  readonly receiving: DrivenBrowser;
  readonly records: readonly StreamRecord[];
  /** The instrument's server as the receiver's browser reaches it. */
  readonly receiverOrigin: string;
  readonly close: () => Promise<void>;
};

/** Opens network and browsers of a run, and says what is known of it. */
export async function openStage(
  planned: PlannedRun,
  attempt: number,
  options: RunOptions,
): Promise<Result<Stage>> {
  const { environment } = options;
  const addresses = ownAddresses();
  const network = await openNetwork({
    asked: planned.network,
    isLocal:
      options.isOwnServer && planned.providers.every((one) => isOfThisMachine(one, environment, addresses)),
    streams: planned.providers.map((one) => ({ provider: one.name, road: roadOf(one) })),
    browserPath: options.browser.path,
    number: planned.number,
  });
  const launched = await launchBoth(options, network);
  if (!launched.ok) {
    await network.close();
    return launched;
  }
  const { sending, receiving } = launched.value;
  const head = toHead(planned, attempt, options, network, receiving.version);
  const records = planned.providers.map(({ price }, index) => {
    const stream = head.streams[index];
    if (stream === undefined) throw new Error("every provider is a stream");
    return createRecord({ runId: head.id, head: stream, price, nowMs: () => performance.now() });
  });
  const { namespace } = network;
  return succeed({
    head,
    network,
    sending,
    receiving,
    records,
    receiverOrigin:
      namespace === null ? options.serverOrigin : seenFrom(options.serverOrigin, namespace.hostAddress),
    close: async () => {
      await Promise.all([sending.close(), receiving.close()]);
      await network.close();
    },
  });
}

type Browsers = { readonly sending: DrivenBrowser; readonly receiving: DrivenBrowser };

/** One browser for both ends; two where the receiver is in a network of its own. */
async function launchBoth(
  { browser, isHeadless, serverOrigin }: RunOptions,
  { namespace }: Network,
): Promise<Result<Browsers>> {
  const plain = { browser, isHeadless, wrapper: null, secureOrigins: [] };
  const sending = await launchBrowser(plain);
  if (!sending.ok) return sending;
  if (namespace === null) return succeed({ sending: sending.value, receiving: sending.value });
  const receiving = await launchBrowser({
    browser,
    isHeadless,
    wrapper: namespace.wrapper,
    secureOrigins: [seenFrom(serverOrigin, namespace.hostAddress)],
  });
  if (receiving.ok) return succeed({ sending: sending.value, receiving: receiving.value });
  await sending.value.close();
  return receiving;
}

/** The server's origin as a namespace reaches it. */
function seenFrom(origin: string, hostAddress: string): string {
  return `http://${hostAddress}:${new URL(origin).port}`;
}

function toHead(
  { number, repeat, cell, providers }: PlannedRun,
  attempt: number,
  { comparisonId, machine }: RunOptions,
  { applied }: Network,
  browser: string,
): RunHead {
  return {
    id: createRunId(Date.now()),
    comparisonId,
    startedAtUs: systemClock.epochUs(),
    number,
    repeat,
    attempt,
    settings: cell.settings,
    conditions: applied,
    machine: { ...machine, browser },
    streams: providers.map(({ name, publish }, index) => ({
      number: index + 1,
      provider: name,
      via: publish === null ? null : (publish.findLast(([key]) => key === "via")?.[1] ?? "peer"),
      address: "",
    })),
  };
}
