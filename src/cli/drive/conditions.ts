import type { Page } from "playwright";

import { changesNothing } from "../../core/runs/conditions.ts";
import type { AppliedConditions, NetworkConditions } from "../../core/runs/run.ts";
import { answered, answerWithinMs } from "./answered.ts";
import { browserConditions, type StreamRoad } from "./browser-network.ts";
import { openNamespace, runProgram, type Namespace, type RunProgram } from "./namespace.ts";

/** The network that a run's receivers are behind. Whoever opened it closes it, after their browser. */
export type Network = {
  readonly applied: AppliedConditions;
  /** Null where the browser itself makes the conditions, or none are asked. */
  readonly namespace: Namespace | null;
  readonly close: () => Promise<void>;
};

/** What a network is opened for. */
export type NetworkOptions = {
  readonly asked: NetworkConditions;
  /** Every stream comes from this machine: a namespace has no way to the world outside. */
  readonly isLocal: boolean;
  /** Every stream of the run. */
  readonly streams: readonly StreamRoad[];
  readonly browserPath: string | null;
  readonly number: number;
  readonly run?: RunProgram;
};

/** Arguments of `tc qdisc add` (tc-netem(8)). The queue holds 2 s at any rate that video takes. */
export function netemArguments({
  delayMs,
  jitterMs,
  lossRatio,
  rateKbps,
}: NetworkConditions): readonly string[] {
  const jitter = jitterMs === null || jitterMs === 0 ? [] : [`${jitterMs}ms`, "distribution", "normal"];
  return [
    "netem",
    "limit",
    "20000",
    ...(delayMs === null ? [] : ["delay", `${delayMs}ms`, ...jitter]),
    ...(lossRatio === null ? [] : ["loss", `${lossRatio * 100}%`]),
    ...(rateKbps === null ? [] : ["rate", `${rateKbps}kbit`]),
  ];
}

/** Why the kernel does not make the conditions; null where it may be asked. */
function whyNotKernel({ isLocal, browserPath }: NetworkOptions): string | null {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "netem needs root on Linux";
  if (!isLocal) return "a stream comes from another server, which a namespace of this machine does not reach";
  return browserPath === null ? "Playwright's own browser is not started in a namespace" : null;
}

/** Opens the network: by netem where this machine allows, else by the browser's own emulation. */
export async function openNetwork(options: NetworkOptions): Promise<Network> {
  const { asked } = options;
  if (changesNothing(asked))
    return { applied: { asked, by: "none", limits: [] }, namespace: null, close: async () => {} };
  const why = whyNotKernel(options);
  if (why !== null || options.browserPath === null) return byBrowser(options, why ?? "");
  const { browserPath, number, run = runProgram } = options;
  const opened = await openNamespace({ qdisc: netemArguments(asked), browserPath, number, run });
  if (!opened.ok) return byBrowser(options, opened.failure.cause ?? opened.failure.where);
  const { value: namespace } = opened;
  return { applied: { asked, by: "netem", limits: [] }, namespace, close: namespace.close };
}

function byBrowser({ asked, streams }: NetworkOptions, why: string): Network {
  return { applied: browserConditions(asked, why, streams), namespace: null, close: async () => {} };
}

/**
 * Makes a page's own conditions (Chrome DevTools Protocol, Network.emulateNetworkConditions); its `packetLoss` is for WebRTC
 * alone. To be called before the page connects. A browser that does not answer rejects with `PageTrouble`.
 */
export async function emulateNetwork(
  page: Pick<Page, "context">,
  { asked, by }: AppliedConditions,
  limitMs: number = answerWithinMs,
): Promise<void> {
  if (by === "browser") await answered(emulate(page, asked), limitMs, "the browser's network");
}

async function emulate(page: Pick<Page, "context">, asked: NetworkConditions): Promise<void> {
  const session = await page.context().newCDPSession(page as Page);
  const bytesPerS = asked.rateKbps === null ? -1 : (asked.rateKbps * 1000) / 8;
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: asked.delayMs ?? 0,
    downloadThroughput: bytesPerS,
    uploadThroughput: -1,
    packetLoss: (asked.lossRatio ?? 0) * 100,
    packetQueueLength: 0,
    packetReordering: false,
  });
}
