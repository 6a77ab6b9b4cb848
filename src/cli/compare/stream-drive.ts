import type { Page } from "playwright";

import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { Provider, Query } from "../../core/plan/plan.ts";
import { fillSecrets, type Environment } from "../../core/plan/secrets.ts";
import type { AppliedConditions } from "../../core/runs/run.ts";
import type { SenderSnapshot } from "../../core/wire/automation.ts";
import { readReceiverSetup, type ReceiverSetup } from "../../core/wire/receiver-setup.ts";
import { readSenderSetup, type SenderSetup } from "../../core/wire/setup.ts";
import { showSource } from "../../core/wire/source.ts";
import { emulateNetwork } from "../drive/conditions.ts";
import { openTab, senderState, startMeasuring, startSending } from "../drive/face.ts";

/** How one stream of a run is set up. */
export type StreamSetup = {
  readonly provider: Provider;
  readonly environment: Environment;
  /** The instrument's server as the sender's browser reaches it. */
  readonly senderOrigin: string;
  /** The same as the receiver's browser reaches it: another address where that is in a namespace. */
  readonly receiverOrigin: string;
  readonly conditions: AppliedConditions;
  readonly joinWithinMs: number;
  /** Opens a page in the browser that sends, or in the one that receives. */
  readonly openSenderPage: () => Promise<Page>;
  readonly openReceiverPage: () => Promise<Page>;
};

/** A stream that plays. Its pages are closed with their browsers. */
export type PlayingStream = { readonly receiver: Page; readonly address: string };

/** Query text of a page's address, secrets filled in; it goes to the page by its face, never into an address. */
function toQuery(query: Query, environment: Environment): string {
  return query
    .map(([key, text]) => {
      const filled = fillSecrets(text, environment);
      if (!filled.ok) throw new Error(`${filled.name} was set when the plan was checked`);
      return `${key}=${encodeURIComponent(filled.text)}`;
    })
    .join("&");
}

/** What a receiver is to play, as far as the sender decides. */
type Target = { readonly join: string } | { readonly url: string };

/** Publishes as the plan says, and joins as a viewer. Rejects with `PageTrouble` where a page hangs. */
export async function openStream(setup: StreamSetup): Promise<Result<PlayingStream>> {
  const { provider, environment } = setup;
  const play = readReceiverSetup(toQuery(provider.play, environment));
  if (!play.ok) return play;
  const target = await publish(setup, play.value);
  if (!target.ok) return target;
  const page = await setup.openReceiverPage();
  const opened = await openTab(page, `${setup.receiverOrigin}/receiver`);
  if (!opened.ok) return opened;
  // The page itself comes by no provider's road: only what is asked for from now on is under the conditions.
  await emulateNetwork(page, setup.conditions);
  const receiving = toReceiving(play.value, target.value, setup);
  const started = await join(page, receiving, setup);
  if (!started.ok) return started;
  const address = receiving.urls[0] ?? "";
  return succeed({ receiver: page, address: showSource(address) });
}

/** A stream that shows no frame in time has failed; a page that hangs is another matter, and takes longer to tell. */
async function join(page: Page, receiving: ReceiverSetup, setup: StreamSetup): Promise<Result<null>> {
  const { joinWithinMs, provider } = setup;
  const started = startMeasuring(page, receiving, joinWithinMs + 10_000);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Result<null>>((resolve) => {
    timer = setTimeout(() => resolve(fail(noFrame(provider.name, joinWithinMs))), joinWithinMs);
  });
  // Whichever comes second is of no more interest.
  started.catch(() => undefined);
  const outcome = await Promise.race([started, late]);
  clearTimeout(timer);
  return outcome;
}

function noFrame(provider: string, limitMs: number): Failure {
  return {
    kind: "timed-out",
    what: "Joining the stream",
    where: `${provider}: no frame within ${limitMs / 1000} s`,
    next: "Look at the provider's stream, or give it longer by joinWithin.",
  };
}

async function publish(setup: StreamSetup, play: ReceiverSetup): Promise<Result<Target>> {
  const { provider, environment, senderOrigin, joinWithinMs } = setup;
  const [url] = play.urls;
  if (provider.publish === null) return succeed({ url: url ?? "" });
  const sending: Result<SenderSetup> = readSenderSetup(toQuery(provider.publish, environment));
  if (!sending.ok) return sending;
  const page = await setup.openSenderPage();
  const opened = await openTab(page, `${senderOrigin}/sender`);
  if (!opened.ok) return opened;
  const started = await startSending(page, sending.value, joinWithinMs + 10_000);
  if (!started.ok) return started;
  const { join: code } = started.value;
  if (code !== null) return succeed({ join: code });
  if (url !== undefined) return succeed({ url });
  const playUrl = playUrlOf(await senderState(page));
  if (playUrl !== null) return succeed({ url: playUrl });
  return fail({
    kind: "refused-input",
    what: "Joining the stream",
    where: `${provider.name}: its way out does not tell where it is played`,
    next: "Give the address to play in the plan: play.url.",
  });
}

function playUrlOf(state: SenderSnapshot): string | null {
  return state.phase === "sending" ? (state.outlet?.playUrl ?? null) : null;
}

function toReceiving(play: ReceiverSetup, target: Target, setup: StreamSetup): ReceiverSetup {
  if ("join" in target) return { ...play, join: target.join, urls: [], kinds: [] };
  const url = target.url.replace(setup.senderOrigin, setup.receiverOrigin);
  return { ...play, join: "", urls: [url], kinds: play.kinds.slice(0, 1) };
}
