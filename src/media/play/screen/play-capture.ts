import { fail, reason, succeed, type Failure, type FailureKind, type Result } from "../../../core/failure.ts";
import { createDeferred } from "../../link/deferred.ts";
import { detach, play, sampleElement } from "../element.ts";
import type { Playing, PlayOptions } from "../way.ts";

/** Plays a stream that this device captures, until it is closed. Abort rejects with `signal.reason`. */
export async function playCapture(
  capture: () => Promise<MediaStream>,
  what: string,
  { video, listener }: PlayOptions,
  signal: AbortSignal,
): Promise<Result<Playing>> {
  listener.onState({
    state: "waiting",
    why: `the browser asks which ${what.replace(/^a (?:shared )?/, "")} to use`,
  });
  let stream: MediaStream;
  try {
    stream = await capture();
  } catch (error) {
    signal.throwIfAborted();
    return fail(refused(what, error));
  }
  const stop = (): void => {
    for (const track of stream.getTracks()) track.stop();
  };
  if (signal.aborted) {
    stop();
    throw signal.reason;
  }
  const [track] = stream.getVideoTracks();
  if (track === undefined) {
    stop();
    return fail(refused(what, new Error("there is no picture in it")));
  }
  const ended = createDeferred<Failure | null>();
  // Not the end of the measurement: what was measured stays on screen.
  track.addEventListener("ended", () =>
    listener.onState({ state: "ended", why: "the device or the user has ended the capture" }),
  );
  video.srcObject = stream;
  listener.onTrack(track);
  play(video);
  listener.onState({ state: "connected", why: "" });
  return succeed({
    ended: ended.promise,
    sample: async () => sampleElement(video),
    close: () => {
      stop();
      detach(video);
      ended.settle(null);
    },
  });
}

/** Names of DOMException that getUserMedia and getDisplayMedia reject with (W3C mediacapture-main, screen-capture). */
const kinds: Readonly<Record<string, FailureKind>> = {
  NotAllowedError: "denied",
  InvalidStateError: "denied",
  NotFoundError: "unsupported",
  OverconstrainedError: "unsupported",
};

function refused(what: string, error: unknown): Failure {
  const name = error instanceof Error ? error.name : "";
  return {
    kind: kinds[name] ?? "unsupported",
    what: `capturing ${what}`,
    where: "this device",
    next:
      name === "InvalidStateError"
        ? "Browsers ask only after a click: press the button that adds it."
        : "Allow it when the browser asks, and choose what is to be measured; the page must be on https or localhost.",
    cause: reason(error),
  };
}
