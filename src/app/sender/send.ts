import type { SenderUs } from "../../core/clock/instants.ts";
import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { SenderSnapshot } from "../../core/wire/automation.ts";
import type { SenderSetup } from "../../core/wire/setup.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import type { PictureSource } from "../../media/draw/source.ts";
import { createDeferred } from "../../media/link/deferred.ts";
import type { Publish, Publishing, PublishListener } from "../../media/publish/way.ts";
import { toReport } from "./report.ts";

/** What a script or a receiver needs to join; `join` is null for ways out without a room, `link` empty where none can play. */
export type Joinable = { readonly join: string | null; readonly link: string };

/** What sending needs from the browser. */
export type SendAdapters = {
  /** The way out of that name, or null when there is none. */
  readonly loadPublish: (via: string) => Promise<Publish | null>;
  readonly nowUs: () => SenderUs;
  /** Calls again and again until the answer is called. */
  readonly every: (intervalMs: number, call: () => void) => () => void;
  /** The link that opens the receiver on a room, on a stream's URL, or on both side by side; empty where there is neither. */
  readonly linkFor: (viewed: { readonly join: string | null; readonly playUrl: string | null }) => string;
};

/** What is sent, and to whom the state is told. */
export type Sending = {
  readonly source: PictureSource;
  readonly setup: SenderSetup;
  readonly show: (doing: SenderSnapshot) => void;
  /**
   * The pictures or a way out ended by themselves: null when as they should. Must abort `signal`, which closes every way
   * out and ends the reports.
   */
  readonly onEnd: (failure: Failure | null) => void;
  readonly signal: AbortSignal;
};

/** How often a sender reports what it sends, ms. */
export const reportIntervalMs: number = 1000;

/** What a start answers when it was stopped before anyone could join. */
export const stoppedEarly: Failure = {
  kind: "ended-early",
  what: "starting to send",
  where: "this page",
  next: "It was stopped before receivers could join: start again.",
};

/**
 * Publishes an open source and keeps the state told until the signal aborts. Resolves when viewers can come, or with why
 * they cannot.
 */
export async function send(adapters: SendAdapters, sending: Sending): Promise<Result<Joinable>> {
  const { source, setup, onEnd, signal } = sending;
  const vias = viasOf(setup);
  const state = createSendingState(sending);
  const joined = createDeferred<Result<Joinable>>();
  const finish = (failure: Failure | null) => {
    if (signal.aborted) return;
    joined.settle(fail(failure ?? stoppedEarly));
    onEnd(failure);
  };
  const listener = toListener(adapters, state, vias.length, (joinable) => joined.settle(succeed(joinable)));
  signal.addEventListener("abort", () => joined.settle(fail(stoppedEarly)), { once: true });
  for (const [place, via] of vias.entries()) {
    const publish = await loadWay(adapters, via);
    if (!publish.ok) return publish;
    const published = await publish.value(source, setup, toFacts(setup, source), listener, signal);
    if (!published.ok) return published;
    void published.value.ended.then(finish);
    closeWith(signal, published.value.close);
    // The control is there to be compared with: what is reported is the way that is looked at.
    if (place === 0) reportWhile(adapters, sending, published.value, (report) => state.update({ report }));
  }
  state.update({});
  void source.ended.then(finish);
  return joined.promise;
}

/** Brings the heavy part of a way out, which is on the page's server until it is first needed. */
async function loadWay({ loadPublish }: SendAdapters, via: string): Promise<Result<Publish>> {
  try {
    const publish = await loadPublish(via);
    return publish === null ? fail(noSuchWay(via)) : succeed(publish);
  } catch (error) {
    return fail({
      kind: "unreachable",
      what: "loading the way out",
      where: "this page's server",
      next: "See that the server runs, and start again.",
      cause: reason(error),
    });
  }
}

/** The ways out that send at once: the one looked at, and the control beside it. */
function viasOf({ via, control }: SenderSetup): readonly string[] {
  return control && via !== directVia ? [via, directVia] : [via];
}

/** The way out that controls are sent by. */
const directVia = "peer";

/** Tells the state what the ways tell, and once that viewers can come to all of them. */
function toListener(
  adapters: SendAdapters,
  state: ReturnType<typeof createSendingState>,
  wayCount: number,
  onJoinable: (joinable: Joinable) => void,
): PublishListener {
  const open = new Set<"room" | "outlet">();
  const update = (change: Partial<SendingSnapshot>) => {
    const { join, outlet } = { ...state.doing(), ...change };
    const link = adapters.linkFor({ join, playUrl: outlet?.playUrl ?? null });
    // A link once shown stays while the server is away.
    state.update(join === null && outlet === null ? change : { ...change, link });
    if (open.size === wayCount) onJoinable({ join, link });
  };
  return {
    onJoin: (join) => {
      if (join !== null) open.add("room");
      update({ join });
    },
    onPeers: (peers) => state.update({ peers }),
    onOutlet: (outlet) => {
      if (outlet.state === "live") open.add("outlet");
      update({ outlet });
    },
  };
}

type SendingSnapshot = SenderSnapshot & { readonly phase: "sending" };

function createSendingState({ setup, show, signal }: Sending) {
  let doing: SendingSnapshot = {
    phase: "sending",
    setup,
    join: null,
    link: "",
    outlet: null,
    peers: [],
    report: null,
  };
  return {
    doing: () => doing,
    update: (change: Partial<SendingSnapshot>) => {
      doing = { ...doing, ...change };
      if (!signal.aborted) show(doing);
    },
  };
}

function reportWhile(
  adapters: SendAdapters,
  { source, signal }: Sending,
  publishing: Publishing,
  show: (report: ReturnType<typeof toReport>) => void,
): void {
  const stopReports = adapters.every(reportIntervalMs, () => {
    void publishing
      .sample()
      .then((sample) => show(toReport(adapters.nowUs(), source, source.pace(), sample)));
  });
  closeWith(signal, stopReports);
}

function closeWith(signal: AbortSignal, close: () => void): void {
  if (signal.aborted) close();
  else signal.addEventListener("abort", close, { once: true });
}

function toFacts(setup: SenderSetup, source: PictureSource): StreamFacts {
  return {
    runNumber: source.runNumber,
    scene: setup.scene,
    seed: setup.seed,
    widthPx: source.widthPx,
    heightPx: source.heightPx,
    fps: setup.fps,
    codec: setup.codec,
    bitrateKbps: setup.bitrateKbps,
    clock: null,
    ...(source.clip === null ? {} : { clip: source.clip }),
  };
}

function noSuchWay(via: string): Failure {
  return {
    kind: "refused-input",
    what: "choosing the way out",
    where: `key via: ${via}`,
    next: "Choose a way out in the form; the page's address then names it.",
  };
}
