import { toPageMs } from "../../core/clock/instants.ts";
import { fail, succeed, unreachable, type Failure } from "../../core/failure.ts";
import type { Observation, UnreadReason } from "../../core/timeline/observation.ts";
import { keyOfDisplayed, stampUsOf } from "./frame-key.ts";
import { createMatcher, type DisplayReport, type Matcher, type TakenFrame } from "./match.ts";
import type { ReadAnswer, ReadReport } from "./read.protocol.ts";
import type { CreateFrameReader, FrameReader, FrameReaderOptions } from "./reader.ts";
import { sendElementFrame, sendTrack } from "./take.ts";
import { hostReadWorker, type ReadWorker } from "./worker-host.ts";

/** Frames from the element in the worker at once. */
const elementInFlight = 2;
/** Events of the element after which what was displayed before says nothing about what follows. */
const cuttingEvents = ["pause", "seeking", "emptied"] as const;

/** What this browser lacks to read frames at all; null when nothing. */
function lacking(): Failure | null {
  const parts: readonly (readonly [string, boolean])[] = [
    ["workers", "Worker" in globalThis],
    ["VideoFrame (WebCodecs)", "VideoFrame" in globalThis],
    ["requestVideoFrameCallback", "requestVideoFrameCallback" in HTMLVideoElement.prototype],
  ];
  const missing = parts.filter(([, isThere]) => !isThere).map(([name]) => name);
  if (missing.length === 0) return null;
  return {
    kind: "unsupported",
    what: "reading the frames of a video",
    where: `this browser has no ${missing.join(", no ")}`,
    next: isSecureContext
      ? "Use a current Chromium, Firefox or Safari."
      : "Open the page over https or on localhost: browsers keep these from insecure pages.",
  };
}

/** Where frames come from; `idle` until a stream is named. */
type Source = "idle" | "track" | "element";

/** The changing part of one reader. */
type Session = {
  source: Source;
  track: MediaStreamTrack | null;
  /** Tells answers of this stream from late ones of the stream before. */
  streamId: number;
  matcher: Matcher;
  inFlightCount: number;
  /** Key of the last frame taken from the element; null before the first of a stream. */
  lastElementKey: number | null;
  /** Whether what the last callback spoke of was not shown yet when it was to be taken. */
  isEarly: boolean;
  lastPresented: number;
  presentedCount: number;
  takenCount: number;
  isClosed: boolean;
  readonly isReading: boolean;
};

/** A frame that never came out of a track was dropped before a busy reader; one that the element did not give was not to be had. */
function newMatcher(source: Source): Matcher {
  const missingWhy = source === "element" ? "unavailable" : "busy";
  return createMatcher({ timeOriginMs: performance.timeOrigin, missingWhy });
}

function toDisplayReport(
  displayed: VideoFrameCallbackMetadata,
  unreadWhy: UnreadReason | null,
): DisplayReport {
  return {
    frameKey: keyOfDisplayed(displayed),
    displayedAtMs: toPageMs(displayed.expectedDisplayTime),
    presentedCount: displayed.presentedFrames,
    presentationTimeUs: stampUsOf(displayed),
    widthPx: displayed.width,
    heightPx: displayed.height,
    unreadWhy,
  };
}

function toTakenFrame(answer: ReadAnswer): TakenFrame {
  const arrivedAtMs = toPageMs(answer.arrivedAtMs - performance.timeOrigin);
  return { ...answer, arrivedAtMs };
}

/** Counts presented frames over elements that begin anew; true when the element's own count began anew. */
function countPresented(session: Session, presentedFrames: number): boolean {
  const isAnew = presentedFrames < session.lastPresented;
  session.presentedCount += isAnew ? presentedFrames : presentedFrames - session.lastPresented;
  session.lastPresented = presentedFrames;
  return isAnew;
}

function startSource(session: Session, worker: ReadWorker, track: MediaStreamTrack | null): void {
  session.track = track;
  session.streamId += 1;
  session.inFlightCount = 0;
  session.lastElementKey = null;
  session.isEarly = false;
  const isTrack = session.isReading && track !== null && sendTrack(worker, track, session.streamId);
  session.source = isTrack ? "track" : "element";
  session.matcher = newMatcher(session.source);
}

/** What a worker's report means for a session; returns what it settles. */
function onReport(session: Session, worker: ReadWorker, report: ReadReport): readonly Observation[] {
  switch (report.kind) {
    case "ready":
    case "no-finder":
    case "luma":
      return [];
    case "keyless": {
      if (report.streamId !== session.streamId) return [];
      const settled = session.matcher.cut();
      startSource(session, worker, null);
      return settled;
    }
    case "read":
      if (report.streamId !== session.streamId) return [];
      if (session.source === "track") session.takenCount += 1;
      else session.inFlightCount -= 1;
      return session.matcher.take(toTakenFrame(report));
    default:
      return unreachable(report);
  }
}

/** Takes what the element shows now, unless it was taken already; returns why it cannot be had. */
function takeFromElement(
  session: Session,
  worker: ReadWorker,
  video: HTMLVideoElement,
  displayed: VideoFrameCallbackMetadata,
  nowMs: number,
): UnreadReason | null {
  if (!session.isReading) return "unavailable";
  const isDisplayedTaken = session.lastElementKey === keyOfDisplayed(displayed);
  if (session.inFlightCount >= elementInFlight) return isDisplayedTaken ? null : "busy";
  const took = sendElementFrame(worker, video, session.streamId, displayed, nowMs, session.lastElementKey);
  session.isEarly = took.kind === "early";
  if (took.kind === "none") return took.why;
  if (took.kind === "sent") {
    session.inFlightCount += 1;
    session.lastElementKey = took.frameKey;
  }
  return null;
}

/**
 * Callbacks speak of a frame that the element may have left by then, so its frames are also taken between callbacks, at every
 * refresh of the screen: what is taken ahead is matched when its callback comes, and what a callback spoke of too early is taken
 * when it is shown. Frames that came over RTP are read from their track where they can be, and are not told apart by time.
 */
function watchElement(session: Session, worker: ReadWorker, video: HTMLVideoElement): ElementWatch {
  let displayed: VideoFrameCallbackMetadata | null = null;
  let requestId: number | null = null;
  // Asked for only where it is needed: each answer has the browser draw the whole page anew.
  const askForNext = (): void => {
    const isNeeded =
      session.source === "element" &&
      session.isReading &&
      (displayed?.rtpTimestamp === undefined || session.isEarly);
    requestId = isNeeded ? requestAnimationFrame(look) : null;
  };
  const look = (): void => {
    requestId = null;
    if (displayed !== null && session.source === "element" && worker.isRunning())
      takeFromElement(session, worker, video, displayed, performance.now());
    askForNext();
  };
  return {
    onDisplayed: (latest) => {
      displayed = latest;
      if (requestId === null) askForNext();
    },
    close: () => {
      if (requestId !== null) cancelAnimationFrame(requestId);
    },
  };
}

type ElementWatch = {
  readonly onDisplayed: (displayed: VideoFrameCallbackMetadata) => void;
  readonly close: () => void;
};

/** What a callback of the element means for a session; returns what it settles. */
function onDisplayed(
  session: Session,
  worker: ReadWorker,
  video: HTMLVideoElement,
  displayed: VideoFrameCallbackMetadata,
  nowMs: number,
): readonly Observation[] {
  const isAnew = countPresented(session, displayed.presentedFrames);
  if (session.source === "idle") return [];
  const before = isAnew ? session.matcher.cut() : [];
  let unreadWhy: UnreadReason | null = worker.isRunning() ? null : "busy";
  if (session.source === "element" && unreadWhy === null)
    unreadWhy = takeFromElement(session, worker, video, displayed, nowMs);
  return [...before, ...session.matcher.report(toDisplayReport(displayed, unreadWhy))];
}

/** Calls `cut` whenever display is interrupted; returns the undoing. */
function watchCuts(video: HTMLVideoElement, cut: () => void): () => void {
  const onVisibility = (): void => {
    if (document.visibilityState === "hidden") cut();
  };
  for (const name of cuttingEvents) video.addEventListener(name, cut);
  document.addEventListener("visibilitychange", onVisibility);
  return () => {
    for (const name of cuttingEvents) video.removeEventListener(name, cut);
    document.removeEventListener("visibilitychange", onVisibility);
  };
}

function newSession(isReading: boolean): Session {
  return {
    source: "idle",
    track: null,
    streamId: 0,
    matcher: newMatcher("idle"),
    inFlightCount: 0,
    lastElementKey: null,
    isEarly: false,
    lastPresented: 0,
    presentedCount: 0,
    takenCount: 0,
    isClosed: false,
    isReading,
  };
}

function readWith(options: FrameReaderOptions, worker: ReadWorker, session: Session): FrameReader {
  const { video } = options;
  const emit = (observations: readonly Observation[]): void => {
    for (const observation of observations) options.onObservation(observation);
  };
  const watch = watchElement(session, worker, video);
  let callbackId = 0;
  const onFrame: VideoFrameRequestCallback = (nowMs, displayed) => {
    callbackId = video.requestVideoFrameCallback(onFrame);
    emit(onDisplayed(session, worker, video, displayed, nowMs));
    watch.onDisplayed(displayed);
  };
  callbackId = video.requestVideoFrameCallback(onFrame);
  const unwatch = watchCuts(video, () => emit(session.matcher.cut()));
  return {
    readTrack: (track) => {
      if (session.isClosed) throw new Error("readTrack after close");
      emit(session.matcher.cut());
      startSource(session, worker, track);
    },
    askLuma: (of) => worker.send({ kind: "want-luma", of }, []),
    report: () => ({
      presentedCount: session.presentedCount,
      takenCount: session.takenCount,
      from: session.source === "track" ? "track" : "element",
    }),
    close: () => {
      session.isClosed = true;
      video.cancelVideoFrameCallback(callbackId);
      watch.close();
      unwatch();
      worker.close();
    },
  };
}

/** Makes a frame reader; resolves when its worker runs and can find markers. */
export const createFrameReader: CreateFrameReader = async (options) => {
  const failure = lacking();
  if (failure !== null) return fail(failure);
  const session = newSession(options.isReading);
  const hosted = await hostReadWorker({
    onReport: (report, worker) => {
      if (report.kind === "luma" && report.streamId === session.streamId) options.onLuma?.(report);
      for (const observation of onReport(session, worker, report)) options.onObservation(observation);
    },
    onLost: () => {
      for (const observation of session.matcher.cut()) options.onObservation(observation);
    },
    onRestarted: (worker) => {
      if (session.source !== "idle") startSource(session, worker, session.track);
    },
  });
  if (!hosted.ok) return hosted;
  return succeed(readWith(options, hosted.value, session));
};
