import { toSenderUs } from "../../core/clock/instants.ts";
import { reason, type Failure } from "../../core/failure.ts";
import { maxFrameId } from "../../core/marker/payload.ts";
import { pageEpochUs } from "../link/page-clock.shared.ts";
import type { DrawPlan, DrawReply, DrawRequest } from "./draw.protocol.ts";
import { createHandOver, type HandOver } from "./hand-over.shared.ts";
import { createPaintedMaker, type PictureMaker } from "./maker.shared.ts";
import { createOverlayMaker, type OverlayMaker } from "./overlay.shared.ts";
import { createPacer, type Pacer } from "./pace.shared.ts";

/** How often the page is told how well the pace is kept, ms. */
const reportEveryMs = 250;

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

function createMaker(plan: DrawPlan, pictures: ReadableStream<VideoFrame> | null): PictureMaker | null {
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
function step(line: Line): void {
  if (line.frameId > maxFrameId) {
    failed("The run has as many frames as a marker can count", "frame id exhausted");
    return;
  }
  line.maker.prepare(line.frameId);
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
      step(line);
    },
    Math.max(0, slot.dueMs - performance.now()),
  );
}

/** The media clock runs with the capture time, not with the pace: a late frame must not look like a slow network to the receiver. */
function finish(line: Line): void {
  const { plan, maker, handOver } = line;
  const marker = {
    runNumber: plan.runNumber,
    frameId: line.frameId,
    captureTimeUs: toSenderUs(pageEpochUs()),
  };
  handOver.take(maker.finish(marker, Math.round((performance.now() - line.startedAtMs) * 1000)));
  line.frameId += 1;
}

function start({ plan, sink, pictures }: Extract<DrawRequest, { type: "start" }>): void {
  const maker = createMaker(plan, pictures);
  if (maker === null) {
    failed("This browser gives workers no canvas to draw on", "no 2d context");
    return;
  }
  const startedAtMs = performance.now();
  step({
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
  try {
    if (data.type === "start") start(data);
    else if (data.picture !== null) overlay?.take(data.picture);
  } catch (error) {
    failed("The pictures could not be drawn", error);
  }
});
