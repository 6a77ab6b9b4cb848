import {
  BufferTarget,
  canEncodeVideo,
  Mp4OutputFormat,
  Output,
  Quality,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
  type VideoCodec,
} from "mediabunny";

import { toSenderUs } from "../../../core/clock/instants.ts";
import { fail, reason, succeed, type Failure, type Result } from "../../../core/failure.ts";
import type { CodecName } from "../../../core/wire/setup.ts";
import { openFilePictures, type FilePictures } from "./pictures.shared.ts";
import type { RenderFacts, RenderPlan, RenderReply, RenderRequest } from "./render.protocol.ts";

/** Progress is told so often, ms. */
const tellEveryMs = 100;
/** Key frames stand so far apart, s: a player can be put to any place without much waiting. */
const keyIntervalS = 2;

const codecs: Readonly<Record<CodecName, VideoCodec>> = { h264: "avc", vp8: "vp8", vp9: "vp9", av1: "av1" };

function reply(message: RenderReply, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

type Rendered = { readonly file: ArrayBuffer; readonly facts: RenderFacts };

async function render(plan: RenderPlan): Promise<Result<Rendered>> {
  const size = { width: plan.widthPx, height: plan.heightPx, frameRate: plan.fps };
  const quality = new Quality({ bitrate: plan.bitrateKbps * 1000 });
  const codec = codecs[plan.codec];
  if (!(await canEncodeVideo(codec, { ...size, quality }))) return fail(noEncoder(plan));
  const pictures = await openFilePictures(plan);
  if (!pictures.ok) return pictures;
  const target = new BufferTarget();
  // The index goes in front of the pictures, so that a player can begin before it has the whole file.
  const format =
    plan.kind === "mp4" ? new Mp4OutputFormat({ fastStart: "in-memory" }) : new WebMOutputFormat();
  const output = new Output({ format, target });
  const source = new VideoSampleSource({
    codec,
    quality,
    keyFrameInterval: keyIntervalS,
    latencyMode: "quality",
  });
  output.addVideoTrack(source, { frameRate: plan.fps });
  output.setMetadataTags({ comment: commentOf(plan) });
  try {
    await output.start();
    const frameCount = await addFrames(plan, pictures.value, source);
    await output.finalize();
    const { buffer } = target;
    if (buffer === null) throw new Error("the muxer gave no file");
    const facts = { frameCount, sizeBytes: buffer.byteLength, type: await output.getMimeType() };
    return succeed({ file: buffer, facts });
  } finally {
    pictures.value.close();
  }
}

async function addFrames(
  plan: RenderPlan,
  pictures: FilePictures,
  source: VideoSampleSource,
): Promise<number> {
  const { runNumber, startUs, fps } = plan;
  let toldMs = Number.NEGATIVE_INFINITY;
  for (let frameId = 0; ; frameId += 1) {
    const offsetUs = Math.round((frameId * 1_000_000) / fps);
    const marker = { runNumber, frameId, captureTimeUs: toSenderUs(startUs + offsetUs) };
    const frame = await pictures.next(marker, offsetUs);
    if (frame === null) return frameId;
    const sample = new VideoSample(frame, { timestamp: frameId / fps, duration: 1 / fps });
    // Resolves once the encoder can take more, which keeps few frames in memory.
    await source.add(sample);
    sample.close();
    if (performance.now() - toldMs < tellEveryMs) continue;
    toldMs = performance.now();
    reply({ type: "progress", doneCount: frameId + 1, frameCount: pictures.frameCount });
  }
}

/** As the command line writes it. */
function commentOf({ runNumber, pictures, startUs }: RenderPlan): string {
  const seed = pictures.from === "video" ? "" : ` seed ${pictures.seed}`;
  return `streamgauge run ${runNumber}${seed} start ${startUs}`;
}

function noEncoder({ codec, widthPx, heightPx, fps }: RenderPlan): Failure {
  return {
    kind: "unsupported",
    what: `This browser cannot encode ${codec.toUpperCase()} at ${widthPx}x${heightPx}, ${fps} frames per second`,
    where: "this browser's video encoders",
    next: "Choose another codec or a smaller size, or use the command line: streamgauge render.",
  };
}

async function handle({ plan }: RenderRequest): Promise<void> {
  try {
    const rendered = await render(plan);
    if (rendered.ok) reply({ type: "done", ...rendered.value }, [rendered.value.file]);
    else reply({ type: "failed", failure: rendered.failure });
  } catch (error) {
    const failure: Failure = {
      kind: "ended-early",
      what: "Rendering the file",
      where: "the video encoder",
      next: "Try a shorter length, a smaller size or another codec.",
      cause: reason(error),
    };
    reply({ type: "failed", failure });
  }
}

addEventListener("message", ({ data }: MessageEvent<RenderRequest>) => void handle(data));
