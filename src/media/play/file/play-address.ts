import { toPageMs, type PageMs } from "../../../core/clock/instants.ts";
import type { Failure } from "../../../core/failure.ts";
import { showSource } from "../../../core/wire/source.ts";
import { createDeferred } from "../../link/deferred.ts";
import { realTimers } from "../../link/timers.ts";
import { diagnoseNoAnswer, noAnswerWords } from "../diagnose.ts";
import { detach, play, sampleElement } from "../element.ts";
import { createRecovery } from "../recover.ts";
import { watchStalls } from "../stalls.ts";
import { createTroubles } from "../troubles.ts";
import type { Playing, PlayOptions } from "../way.ts";
import { judgeMediaError } from "./errors.ts";

function now(): PageMs {
  return toPageMs(performance.now());
}

/** Gives an address to the video element itself, and comes back to it after a network fault. */
export function playAddress(url: URL, options: PlayOptions, by: string): Playing {
  const { video, listener } = options;
  const ended = createDeferred<Failure | null>();
  const closing = new AbortController();
  const troubles = createTroubles(listener.onEvent);
  let hasPlayed = false;
  const load = (fromS: number): void => {
    // Without it the frames of another origin may be shown but not read.
    video.crossOrigin = "anonymous";
    video.src = url.href;
    if (fromS > 0) video.currentTime = fromS;
    play(video);
  };
  const recovery = createRecovery(
    realTimers,
    () => Math.random(),
    () => load(video.currentTime),
  );
  const onPlaying = (): void => {
    hasPlayed = true;
    recovery.succeeded();
    troubles.end(["unreachable", "segment-corrupt"], now());
    listener.onState({ state: "connected", why: "" });
  };
  const onError = (): void => {
    if (video.error === null || closing.signal.aborted) return;
    const verdict = judgeMediaError(video.error.code, hasPlayed);
    troubles.begin(verdict.trouble, verdict.why, now());
    listener.onState({ state: "connecting", why: verdict.why });
    if (verdict.action === "reload") recovery.schedule("reload");
    else void giveUp(url, verdict.why, video.error.message, closing.signal, ended.settle);
  };
  video.addEventListener("playing", onPlaying);
  video.addEventListener("error", onError);
  const onEnded = (): void => listener.onState({ state: "ended", why: "the file has ended" });
  video.addEventListener("ended", onEnded);
  const unwatch = watchStalls(video, () => performance.now(), listener.onEvent);
  listener.onState({ state: "connecting", why: `${by} loads the address` });
  listener.onTrack(null);
  load(0);
  return {
    ended: ended.promise,
    sample: async () => sampleElement(video),
    close: () => {
      closing.abort(new Error("play was closed"));
      video.removeEventListener("playing", onPlaying);
      video.removeEventListener("error", onError);
      video.removeEventListener("ended", onEnded);
      unwatch();
      recovery.close();
      detach(video);
      video.removeAttribute("crossorigin");
      ended.settle(null);
    },
  };
}

/** The element does not say why; two requests may. */
async function giveUp(
  url: URL,
  why: string,
  cause: string,
  signal: AbortSignal,
  end: (failure: Failure) => void,
): Promise<void> {
  const failure: Failure = {
    kind: "unsupported",
    what: "playing the file",
    where: showSource(url.href),
    next: "Check that it is an MP4 (H.264) or WebM that this browser plays, and that its server allows this page to read it (CORS).",
    cause: cause === "" ? why : `${why}: ${cause}`,
  };
  try {
    const answer = await fetch(url, { headers: { Range: "bytes=0-0" }, signal, credentials: "omit" });
    await answer.body?.cancel();
    end(
      answer.ok
        ? failure
        : { ...failure, kind: "unreachable", cause: `the server answered ${answer.status}` },
    );
  } catch {
    if (signal.aborted) return;
    const found =
      noAnswerWords[await diagnoseNoAnswer((target, init) => fetch(target, init), url.href, signal)];
    end({ ...failure, kind: "denied", next: found.next, cause: found.why });
  }
}
