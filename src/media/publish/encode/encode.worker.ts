import { reason, type Failure } from "../../../core/failure.ts";
import { pageEpochUs } from "../../link/page-clock.shared.ts";
import type { EncodeReply, EncodeRequest } from "./encode.protocol.ts";
import { createEncoders, type Encoders } from "./encoders.shared.ts";

let encoders: Promise<Encoders | null> = Promise.resolve(null);

function reply(message: EncodeReply, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

function failed(what: string, error: unknown): void {
  const failure: Failure = {
    kind: "ended-early",
    what,
    where: "the video encoder",
    next: "Start again; if it happens again, choose a smaller size or another codec.",
    cause: reason(error),
  };
  reply({ type: "failed", failure });
}

async function start({ plan, frames }: Extract<EncodeRequest, { type: "start" }>): Promise<Encoders | null> {
  const made = await createEncoders(plan, {
    onChunk: (chunk, counts) => reply({ type: "chunk", chunk, counts }, [chunk.data.buffer]),
    onError: (error) => failed("The video encoder broke down", error),
  });
  if (!made.ok) {
    reply({ type: "failed", failure: made.failure });
    return null;
  }
  reply({ type: "ready", codecs: made.value.codecs });
  if (frames !== null) void follow(frames, made.value);
  return made.value;
}

/** Encodes frames until they end; then all that is in the encoders is handed out. */
async function follow(frames: ReadableStream<VideoFrame>, made: Encoders): Promise<void> {
  try {
    for await (const frame of frames) made.take(frame, pageEpochUs());
    await finish(made);
  } catch (error) {
    failed("The pictures could not be encoded", error);
  }
}

async function finish(made: Encoders): Promise<void> {
  await made.finish();
  reply({ type: "finished" });
}

async function take(frame: VideoFrame, takenAtUs: number): Promise<void> {
  const made = await encoders;
  if (made === null) frame.close();
  else made.take(frame, takenAtUs);
}

async function handle(message: EncodeRequest): Promise<void> {
  try {
    switch (message.type) {
      case "start":
        encoders = start(message);
        await encoders;
        break;
      case "frame":
        await take(message.frame, pageEpochUs());
        break;
      case "finish": {
        const made = await encoders;
        if (made !== null) await finish(made);
        break;
      }
    }
  } catch (error) {
    failed("The pictures could not be encoded", error);
  }
}

addEventListener("message", ({ data }: MessageEvent<EncodeRequest>) => void handle(data));
