import { toSenderUs } from "../../core/clock/instants.ts";
import { reason, type Failure } from "../../core/failure.ts";
import { maxFrameId } from "../../core/marker/payload.ts";
import { pageEpochUs } from "../link/page-clock.shared.ts";
import { createClipMaker } from "./clip-maker.shared.ts";
import type { DrawPlan, DrawReply, DrawRequest } from "./draw.protocol.ts";
import { finishFrame } from "./finish.shared.ts";
import { createHandOver, type HandOver } from "./hand-over.shared.ts";
import { createPaintedMaker, type PictureMaker } from "./maker.shared.ts";
import { createOverlayMaker, type OverlayMaker } from "./overlay.shared.ts";
import { createPacer, type Pacer } from "./pace.shared.ts";

/** How often the page is told how well the pace is kept, ms. */
const reportEveryMs = 250;

type StartRequest = Extract<DrawRequest, { type: "start" }>;

let overlay: OverlayMaker | null = null;

function reply(message: DrawReply, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

function failed(what: string, error: unknown): void {
  const failure: Failure = {
    kind: "ended-early",
    what,
    where: "the picture worker",
    next: "Start again; if it happens again, choose a smaller size or another scene.",
    cause: reason(error),
  };
  reply({ type: "failed", failure });
}

function createMaker({ plan, pictures, clip }: StartRequest): PictureMaker | null {
  if (clip !== null) return createClipMaker(plan, clip);
  if (plan.scene === "builtin" || plan.scene === "marker") return createPaintedMaker(plan);
  overlay = createOverlayMaker(plan, () => {
    if (pictures === null) reply({ type: "want" });
  });
  if (overlay !== null && pictures !== null) void follow(pictures, overlay);
  return overlay;
}

/** Keeps the newest picture of a camera, screen or file; its end is told by the page, which owns the track. */
async function follow(pictures: ReadableStream<VideoFrame>, maker: OverlayMaker): Promise<void> {
  try {
    for await (const picture of pictures) maker.take(picture);
  } catch (error) {
    failed("The pictures stopped coming", error);
  }
}

function createDeliver(sink: WritableStream<VideoFrame> | null): (frame: VideoFrame) => void {
  if (sink === null) return (frame) => reply({ type: "frame", frame }, [frame]);
  const writer = sink.getWriter();
  return (frame) => {
    writer.write(frame).catch((error: unknown) => {
      frame.close();
      failed("The pictures could not be handed to the encoder", error);
    });
  };
}

type Line = {
  readonly plan: DrawPlan;
  readonly maker: PictureMaker;
  readonly pacer: Pacer;
  readonly handOver: HandOver;
  readonly startedAtMs: number;
  frameId: number;
  reportedAtMs: number;
};

/** Prepares the next frame at once and finishes it when it is due; the timer between lets messages in, however late it is. */
async function step(line: Line): Promise<void> {
  if (line.frameId > maxFrameId) {
    failed("The run has as many frames as a marker can count", "frame id exhausted");
    return;
  }
  const prepared = line.maker.prepare(line.frameId);
  if (prepared !== undefined) await prepared;
  const slot = line.pacer.next(performance.now());
  setTimeout(
    () => {
      finish(line);
      const nowMs = performance.now();
      line.pacer.made(slot, nowMs);
      if (line.frameId === 1) reply({ type: "started" });
      if (nowMs - line.reportedAtMs >= reportEveryMs) {
        line.reportedAtMs = nowMs;
        reply({ type: "pace", pace: line.pacer.report(nowMs) });
      }
      go(line);
    },
    Math.max(0, slot.dueMs - performance.now()),
  );
}

function go(line: Line): void {
  step(line).catch((error: unknown) => failed("The pictures could not be drawn", error));
}

/** The media clock runs with the capture time, not with the pace: a late frame must not look like a slow network to the receiver. */
function finish(line: Line): void {
  const { plan, maker, handOver } = line;
  const next = { runNumber: plan.runNumber, frameId: line.frameId };
  const frame = finishFrame(maker, next, {
    captureTimeUs: () => toSenderUs(pageEpochUs()),
    timestampUs: () => Math.round((performance.now() - line.startedAtMs) * 1000),
  });
  handOver.take(frame);
  line.frameId += 1;
}

async function start(request: StartRequest): Promise<void> {
  const { plan, sink } = request;
  const maker = createMaker(request);
  if (maker === null) {
    failed("This browser gives workers no canvas to draw on", "no 2d context");
    return;
  }
  // Only then do slots begin to count: a file takes a moment to open.
  await maker.prepare(0);
  const startedAtMs = performance.now();
  go({
    plan,
    maker,
    startedAtMs,
    pacer: createPacer(plan.fps, startedAtMs),
    handOver: createHandOver(
      plan.holdMs,
      (delayMs, call) => void setTimeout(call, delayMs),
      createDeliver(sink),
    ),
    frameId: 0,
    reportedAtMs: 0,
  });
}

addEventListener("message", ({ data }: MessageEvent<DrawRequest>) => {
  if (data.type === "start") {
    start(data).catch((error: unknown) => failed("The pictures could not be drawn", error));
  } else if (data.picture !== null) overlay?.take(data.picture);
});
