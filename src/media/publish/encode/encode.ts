import { fail, reason, succeed, unreachable, type Failure, type Result } from "../../../core/failure.ts";
import { processTrack } from "../../draw/breakout-box.ts";
import type { PictureSource } from "../../draw/source.ts";
import { createDeferred, type Deferred } from "../../link/deferred.ts";
import type {
  EncodeCounts,
  EncodedChunk,
  EncodePlan,
  EncodeReply,
  EncodeRequest,
} from "./encode.protocol.ts";

/** How long encoders may take to stand, ms. */
const readyPatienceMs = 10_000;

/** Pictures being encoded off the main thread. Whoever started it closes it. */
export type Encoding = {
  /** RFC 6381 codec strings as the encoders were configured, one a rung. */
  readonly codecs: readonly string[];
  /** As of the last chunk. */
  readonly counts: () => EncodeCounts;
  /** Settles once: null when finished or closed, or when the pictures ended and all chunks are out. Never rejects. */
  readonly ended: Promise<Failure | null>;
  /** Takes no more frames; resolves when the last chunk was handed out or the encoding failed. Never rejects. */
  readonly finish: () => Promise<void>;
  /** Stops at once; chunks still in the encoders are lost. */
  readonly close: () => void;
};

/**
 * Starts to encode a source as planned. Resolves when the encoders stand; refuses what this browser cannot encode.
 * @param onChunk called on the main thread for every chunk of every rung; must return at once
 * @param signal aborting before the encoders stand rejects with its reason; later use `close`
 */
export async function startEncoding(
  source: Pick<PictureSource, "track" | "follow">,
  plan: EncodePlan,
  onChunk: (chunk: EncodedChunk) => void,
  signal: AbortSignal,
): Promise<Result<Encoding>> {
  signal.throwIfAborted();
  if (!("VideoEncoder" in globalThis)) return fail(noWebCodecs);
  const line = openLine(source, plan, onChunk);
  const abort = (): void => line.ready.settle(fail(abandoned));
  signal.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(() => line.ready.settle(fail(tooSlow)), readyPatienceMs);
  const ready = await line.ready.promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", abort);
  if (signal.aborted || !ready.ok) line.shut(null);
  signal.throwIfAborted();
  if (!ready.ok) return ready;
  return succeed({
    codecs: ready.value,
    counts: () => line.counts,
    ended: line.ended.promise,
    finish: async () => {
      line.finish();
      await line.ended.promise;
    },
    close: () => line.shut(null),
  });
}

type Line = {
  counts: EncodeCounts;
  readonly ready: Deferred<Result<readonly string[]>>;
  readonly ended: Deferred<Failure | null>;
  readonly finish: () => void;
  readonly shut: (failure: Failure | null) => void;
};

function openLine(
  source: Pick<PictureSource, "track" | "follow">,
  plan: EncodePlan,
  onChunk: (chunk: EncodedChunk) => void,
): Line {
  const worker = new Worker(new URL("./encode.worker.ts", import.meta.url), { type: "module" });
  const send = (request: EncodeRequest, transfer: Transferable[]): void =>
    worker.postMessage(request, { transfer });
  const feed = openFeed(source, (frame) => send({ type: "frame", frame }, [frame]));
  const line: Line = {
    counts: {
      takenCount: 0,
      droppedCount: 0,
      missingCount: 0,
      rungs: plan.rungs.map(() => ({ encodedCount: 0, encodedBytes: 0 })),
    },
    ready: createDeferred(),
    ended: createDeferred(),
    finish: () => {
      feed.close();
      send({ type: "finish" }, []);
    },
    shut: (failure) => {
      worker.terminate();
      feed.close();
      line.ready.settle(fail(failure ?? abandoned));
      line.ended.settle(failure);
    },
  };
  worker.addEventListener("message", ({ data }: MessageEvent<EncodeReply>) => hear(line, data, onChunk));
  worker.addEventListener("error", ({ message }) => line.shut(crashed(message)));
  send({ type: "start", plan, frames: feed.frames }, feed.frames === null ? [] : [feed.frames]);
  return line;
}

type Feed = { readonly frames: ReadableStream<VideoFrame> | null; readonly close: () => void };

/** The source's frames: as a stream that the page never sees, else one by one from the page. */
function openFeed(source: Pick<PictureSource, "track" | "follow">, take: (frame: VideoFrame) => void): Feed {
  if (source.follow !== null) return { frames: null, close: source.follow(take) };
  // A clone ends the stream when it is stopped, without touching the source.
  const track = source.track.clone();
  const processed = processTrack(track);
  return { frames: processed?.readable ?? null, close: () => track.stop() };
}

function hear(line: Line, message: EncodeReply, onChunk: (chunk: EncodedChunk) => void): void {
  switch (message.type) {
    case "ready":
      line.ready.settle(succeed(message.codecs));
      break;
    case "chunk":
      line.counts = message.counts;
      onChunk(message.chunk);
      break;
    case "finished":
      line.shut(null);
      break;
    case "failed":
      line.shut(message.failure);
      break;
    default:
      unreachable(message);
  }
}

const where = "this browser";

const noWebCodecs: Failure = {
  kind: "unsupported",
  what: "This browser cannot encode video for a page (no WebCodecs)",
  where,
  next: "Use a current Chromium, Chrome, Edge, Firefox or Safari, over https or on localhost.",
};

const tooSlow: Failure = {
  kind: "timed-out",
  what: `The video encoder was not ready within ${readyPatienceMs / 1000} s`,
  where,
  next: "Choose a smaller size or another codec, or close what else keeps this machine busy.",
};

const abandoned: Failure = {
  kind: "ended-early",
  what: "Encoding was stopped before it began",
  where,
  next: "Start again.",
};

function crashed(message: string): Failure {
  return {
    kind: "ended-early",
    what: "The worker that encodes the pictures broke down",
    where,
    next: "Reload the page and start again.",
    cause: reason(message),
  };
}
