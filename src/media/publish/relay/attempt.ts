import { reason, type Failure } from "../../../core/failure.ts";
import type { EncodedChunk } from "../encode/encode.protocol.ts";
import type { RelayLink, RelayLinkListener } from "./link.ts";
import type { MatroskaWriter } from "./matroska.ts";
import type { Valve } from "./valve.ts";

/** What frames go out by. */
export type RelayRoad = {
  readonly openLink: (listener: RelayLinkListener) => RelayLink;
  readonly createWriter: (
    decoderConfig: VideoDecoderConfig,
    onBytes: (bytes: Uint8Array<ArrayBuffer>) => void,
  ) => Promise<MatroskaWriter>;
};

/** One link with the one Matroska stream that goes over it. */
export type RelayAttempt = {
  /** Frames before the link is open, and those that the valve keeps back, are left out. */
  readonly take: (chunk: EncodedChunk, decoderConfig: VideoDecoderConfig) => void;
  /** Bytes that have left the page. */
  readonly leftBytes: () => number;
  /** Ends the stream at the target, behind what was taken. */
  readonly finish: () => void;
};

/** Opens a link; what becomes of it is told to the listener. */
export function openAttempt(road: RelayRoad, valve: Valve, listener: RelayLinkListener): RelayAttempt {
  let isOpen = false;
  let handedBytes = 0;
  let writer: MatroskaWriter | null = null;
  let writing: Promise<void> = Promise.resolve();
  valve.reset();
  const link = road.openLink({
    ...listener,
    onOpen: () => {
      isOpen = true;
      listener.onOpen();
    },
  });
  const hand = (bytes: Uint8Array<ArrayBuffer>): void => {
    handedBytes += bytes.byteLength;
    link.send(bytes);
  };
  const write = async (chunk: EncodedChunk, decoderConfig: VideoDecoderConfig): Promise<void> => {
    try {
      writer ??= await road.createWriter(decoderConfig, hand);
      await writer.add(chunk);
    } catch (error) {
      listener.onEnd(notWritten(error));
    }
  };
  return {
    take: (chunk, decoderConfig) => {
      if (!isOpen || !valve.lets(chunk, link.waitingBytes())) return;
      writing = writing.then(() => write(chunk, decoderConfig));
    },
    leftBytes: () => Math.max(0, handedBytes - link.waitingBytes()),
    finish: () => {
      isOpen = false;
      void writing.then(link.finish);
    },
  };
}

function notWritten(error: unknown): Failure {
  return {
    kind: "unsupported",
    what: "The stream could not be written as Matroska",
    where: "this browser",
    next: "Start again; if it happens again, choose another size.",
    cause: reason(error),
  };
}
