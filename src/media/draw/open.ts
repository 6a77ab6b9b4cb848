import { fail, reason, succeed, unreachable, type Failure, type Result } from "../../core/failure.ts";
import type { SenderSetup } from "../../core/wire/setup.ts";
import { createDeferred, type Deferred } from "../link/deferred.ts";
import type { DrawReply, DrawRequest } from "./draw.protocol.ts";
import { openFile } from "./file.ts";
import { openCamera, openScreen, type Input } from "./input.ts";
import type { PaceReport } from "./pace.shared.ts";
import { createSink, type FrameSink } from "./sink.ts";
import type { OpenPictures, PictureInput, PictureSource } from "./source.ts";

/** How long the first frame may take, ms; a large scene is prepared for some of it. */
const startPatienceMs = 20_000;

/** Opens marked pictures: drawn in a worker, on its clock, so that neither a busy page nor a hidden tab disturbs their pace. */
export const openPictures: OpenPictures = async (setup, given, runNumber, signal) => {
  signal.throwIfAborted();
  const input = await openInput(setup, given);
  if (!input.ok) return input;
  if (signal.aborted) {
    input.value?.close();
    throw signal.reason;
  }
  const sink = createSink(setup.widthPx, setup.heightPx);
  if (sink === null) {
    input.value?.close();
    return fail(noSink);
  }
  return start(setup, input.value, sink, runNumber, signal);
};

/** Null for scenes that need no pictures from elsewhere. */
async function openInput(setup: SenderSetup, { file }: PictureInput): Promise<Result<Input | null>> {
  switch (setup.scene) {
    case "builtin":
    case "marker":
      return succeed(null);
    case "camera":
      return openCamera(setup);
    case "screen":
      return openScreen(setup);
    case "file":
      return file === null ? fail(noFile) : openFile(file, setup);
    default:
      return unreachable(setup.scene);
  }
}

type Studio = {
  readonly worker: Worker;
  readonly input: Input | null;
  readonly sink: FrameSink;
  readonly started: Deferred<Result<null>>;
  readonly ended: Deferred<Failure | null>;
  pace: PaceReport;
};

async function start(
  setup: SenderSetup,
  input: Input | null,
  sink: FrameSink,
  runNumber: number,
  signal: AbortSignal,
): Promise<Result<PictureSource>> {
  const worker = new Worker(new URL("./draw.worker.ts", import.meta.url), { type: "module" });
  const studio: Studio = {
    worker,
    input,
    sink,
    started: createDeferred(),
    ended: createDeferred(),
    pace: { madeCount: 0, lateCount: 0, skippedCount: 0, madeFps: 0 },
  };
  listen(studio);
  const { scene, seed, widthPx, heightPx, fps, holdMs } = setup;
  const plan = { scene, seed, widthPx, heightPx, fps, holdMs, runNumber };
  const pictures = input?.pictures ?? null;
  const clip = input?.clip?.port ?? null;
  send(worker, { type: "start", plan, sink: sink.writable, pictures, clip }, [sink.writable, pictures, clip]);
  const abort = (): void => studio.started.settle(fail(abandoned));
  signal.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(() => studio.started.settle(fail(tooSlow)), startPatienceMs);
  const began = await studio.started.promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", abort);
  if (began.ok && !signal.aborted) return succeed(sourceOf(studio, setup, runNumber));
  shut(studio, null);
  signal.throwIfAborted();
  return began.ok ? fail(abandoned) : began;
}

function send(worker: Worker, request: DrawRequest, transfer: readonly (Transferable | null)[]): void {
  worker.postMessage(request, { transfer: transfer.filter((item) => item !== null) });
}

function listen(studio: Studio): void {
  const { worker, input } = studio;
  worker.addEventListener("message", ({ data }: MessageEvent<DrawReply>) => hear(studio, data));
  worker.addEventListener("error", ({ message }) => shut(studio, crashed(message)));
  void endWith(studio, input);
}

async function endWith(studio: Studio, input: Input | null): Promise<void> {
  if (input !== null) shut(studio, await input.lost);
}

function hear(studio: Studio, message: DrawReply): void {
  switch (message.type) {
    case "started":
      studio.started.settle(succeed(null));
      break;
    case "pace":
      studio.pace = message.pace;
      break;
    case "frame":
      studio.sink.take(message.frame);
      break;
    case "want":
      void answerWant(studio);
      break;
    case "failed":
      shut(studio, message.failure);
      break;
  }
}

async function answerWant({ worker, input }: Studio): Promise<void> {
  try {
    const picture = (await input?.grab()) ?? null;
    send(worker, { type: "picture", picture }, [picture]);
  } catch {
    // An element between two pictures cannot be grabbed; the worker goes on with the one it has.
    send(worker, { type: "picture", picture: null }, []);
  }
}

function shut({ worker, input, sink, started, ended }: Studio, failure: Failure | null): void {
  worker.terminate();
  input?.close();
  sink.close();
  started.settle(fail(failure ?? abandoned));
  ended.settle(failure);
}

function sourceOf(studio: Studio, setup: SenderSetup, runNumber: number): PictureSource {
  return {
    track: studio.sink.track,
    follow: studio.sink.follow,
    runNumber,
    clip: studio.input?.clip?.facts ?? null,
    widthPx: setup.widthPx,
    heightPx: setup.heightPx,
    pace: () => studio.pace,
    ended: studio.ended.promise,
    close: () => shut(studio, null),
  };
}

const where = "this browser";

const noSink: Failure = {
  kind: "unsupported",
  what: "This browser cannot make a video track from drawn pictures",
  where,
  next: "Use a current Chromium, Chrome, Edge, Firefox or Safari.",
};

const noFile: Failure = {
  kind: "refused-input",
  what: "No video file is chosen",
  where: "the scene's file",
  next: "Choose a video file, then start.",
};

const tooSlow: Failure = {
  kind: "timed-out",
  what: `The first picture was not drawn within ${startPatienceMs / 1000} s`,
  where,
  next: "Choose a smaller size, or close what else keeps this machine busy.",
};

const abandoned: Failure = {
  kind: "ended-early",
  what: "Drawing was stopped before the first picture",
  where,
  next: "Start again.",
};

function crashed(message: string): Failure {
  return {
    kind: "ended-early",
    what: "The worker that draws the pictures broke down",
    where,
    next: "Reload the page and start again.",
    cause: reason(message),
  };
}
