import type { PageMs, ReceiverUs } from "../../core/clock/instants.ts";
import { epochUsOf, toReceiverUs } from "../../core/clock/instants.ts";
import { succeed, type Result } from "../../core/failure.ts";
import type { Timeline, TimelineOptions } from "../../core/timeline/timeline.ts";
import type { ReceiverSetup } from "../../core/wire/receiver-setup.ts";
import type { SourceKind } from "../../core/wire/source.ts";
import type { CreateFrameReader, FrameReader } from "../../media/frames/reader.ts";
import type { Playing, PlayListener, PlayOptions, PlayTarget, PlayWay } from "../../media/play/way.ts";
import { createHeldLog, type HeldLog } from "../../media/record/held-log.ts";
import type { ObservationLog } from "../../media/record/observation-log.ts";
import type { Beside, CreateBeside } from "./beside.ts";
import { labelOf } from "./lineup-setup.ts";
import { findRoad } from "./road.ts";
import { followSender, type FollowRun, type SenderClock } from "./sender-clock.ts";
import type { OpenSession, Session, SessionListener } from "./session-face.ts";
import { trendsAt } from "./session-trends.ts";
import { createStanding } from "./standing.ts";
import { samplePlayer, toPlayListener, untilOver } from "./told-by-player.ts";

/** What a session is wired from. */
export type SessionAdapters = {
  /** The way made for a target, or null when none can play it. */
  readonly wayFor: (target: PlayTarget) => PlayWay | null;
  /** Finds out how an address without a telling ending is played. Abort rejects with `signal.reason`. */
  readonly sniff: (url: URL, signal: AbortSignal) => Promise<Result<SourceKind>>;
  /** Follows facts and clock of a run by way of the page's server, until the answer is called. */
  readonly followRun: FollowRun;
  readonly createReader: CreateFrameReader;
  readonly createTimeline: (options: TimelineOptions) => Timeline;
  readonly createLog: () => ObservationLog;
  /** Keeps and scores a stream beside its measuring. */
  readonly createBeside: CreateBeside;
  readonly nowMs: () => PageMs;
  /** `performance.timeOrigin` of this page. */
  readonly timeOriginMs: number;
  /** Calls again and again until the answer is called. */
  readonly every: (intervalMs: number, call: () => void) => () => void;
  /** Tells at once, and at every change, whether the page is hidden, until the answer is called. */
  readonly watchHidden: (call: (isHidden: boolean) => void) => () => void;
};

/** How often the browser's own counts are sampled, ms. */
export const sampleIntervalMs: number = 1000;

/** Makes the function that opens sessions: a playing stream, the reader of its markers, the timeline and the log beside it. */
export function createOpenSession(adapters: SessionAdapters): OpenSession {
  const nowUs = (): ReceiverUs => toReceiverUs(epochUsOf(adapters.nowMs(), adapters.timeOriginMs));

  return async (setup, video, listener, signal) => {
    const startUs = nowUs();
    const road = await findRoad(adapters, setup, signal);
    if (!road.ok) return road;
    const { target, way } = road.value;
    const timeline = adapters.createTimeline({
      startUs,
      timeOriginMs: adapters.timeOriginMs,
      canStall: way.canStall === true,
    });
    timeline.markJoinAsked(startUs);
    const reading = await readBeside(adapters, { setup, video, listener, timeline, target });
    if (!reading.ok) return reading;
    const { reader, beside, release, ...rest } = reading.value;
    const over = new AbortController();
    try {
      const open = await way.load();
      const playListener = toPlayListener(timeline, reader, nowUs, adapters, listener.onState);
      const toldListener = untilOver(tellingBeside(playListener, beside), over.signal);
      const options = toPlayOptions(setup, video, toldListener, beside);
      const playing = await open(target, options, signal);
      if (playing.ok) {
        const parts = { ...rest, timeline, reader, beside, playing: playing.value, way, over };
        return succeed(wire(adapters, nowUs, parts));
      }
      release();
      return playing;
    } catch (error) {
      release();
      throw error;
    }
  };
}

/** What is to be read, and where it is measured. */
type ToRead = {
  readonly setup: ReceiverSetup;
  readonly video: HTMLVideoElement;
  readonly listener: SessionListener;
  readonly timeline: Timeline;
  readonly target: PlayTarget;
};

/** What reads a stream and keeps what was read, before it plays. */
type Reading = Pick<Parts, "log" | "held" | "beside" | "clock" | "reader"> & {
  /** Closes all of it, where nothing came to play. */
  readonly release: () => void;
};

async function readBeside(adapters: SessionAdapters, to: ToRead): Promise<Result<Reading>> {
  const { setup, video, listener, timeline, target } = to;
  const log = adapters.createLog();
  const held = createHeldLog(timeline.latencyOf, log.append);
  const asking: { luma: FrameReader["askLuma"] | null } = { luma: null };
  const beside = adapters.createBeside(labelOf(setup), (of) => asking.luma?.(of));
  const clock = followSender({ followRun: tellingFacts(adapters.followRun, beside) }, timeline, target);
  const reader = await adapters.createReader({
    video,
    isReading: setup.read,
    onObservation: (observation) => {
      timeline.addObservation(observation);
      clock.see(observation);
      held.add(observation);
      beside.see(observation, timeline.latencyOf(observation));
      listener.onObservation?.(observation);
    },
    onLuma: beside.takeLuma,
  });
  const release = () => {
    beside.close();
    if (reader.ok) reader.value.close();
    clock.close();
    log.close();
  };
  if (!reader.ok) {
    release();
    return reader;
  }
  asking.luma = reader.value.askLuma;
  return succeed({ log, held, beside, clock, reader: reader.value, release });
}

function toPlayOptions(
  setup: ReceiverSetup,
  video: HTMLVideoElement,
  listener: PlayListener,
  { tap }: Beside,
): PlayOptions {
  const { bufferMs, relay, syncS, token } = setup;
  const options = { video, bufferMs, relayOnly: relay, syncS, token, listener };
  return tap === null ? options : { ...options, tap };
}

/** What the sender draws is told over either road. */
function tellingFacts(followRun: FollowRun, beside: Beside): FollowRun {
  return (runNumber, handlers) =>
    followRun(runNumber, {
      ...handlers,
      onFacts: (facts) => {
        beside.setFacts(facts);
        handlers.onFacts(facts);
      },
    });
}

function tellingBeside(listener: PlayListener, beside: Beside): PlayListener {
  return {
    ...listener,
    onFacts: (facts) => {
      beside.setFacts(facts);
      listener.onFacts(facts);
    },
  };
}

type Parts = {
  readonly timeline: Timeline;
  readonly log: ObservationLog;
  readonly held: HeldLog;
  readonly reader: FrameReader;
  readonly playing: Playing;
  readonly way: PlayWay;
  readonly clock: SenderClock;
  readonly beside: Beside;
  /** Aborted when the stream is followed no more. */
  readonly over: AbortController;
};

/** Plays and measures until the answer is called. */
function follow(adapters: SessionAdapters, nowUs: () => ReceiverUs, parts: Parts): () => void {
  const { timeline, held, reader, playing, clock, over } = parts;
  const stopSampling = adapters.every(sampleIntervalMs, () => {
    void samplePlayer(timeline, reader, playing);
  });
  const stopWatching = adapters.watchHidden((isHidden) => timeline.setHidden(isHidden, nowUs()));
  return () => {
    over.abort();
    stopSampling();
    stopWatching();
    reader.close();
    playing.close();
    clock.close();
    held.flush();
  };
}

function wire(adapters: SessionAdapters, pageNowUs: () => ReceiverUs, parts: Parts): Session {
  const { timeline, log, held, playing, way, clock, beside } = parts;
  const unfollow = follow(adapters, pageNowUs, parts);
  const standing = createStanding(pageNowUs, () => playing.delivery?.() ?? null, unfollow);
  const { nowUs, isOver } = standing;
  return {
    snapshot: () => timeline.snapshot(nowUs()),
    trends: (windowMin) => trendsAt(nowUs(), windowMin, timeline, beside),
    keep: beside.keep,
    giveFile: beside.giveFile,
    quality: beside.quality,
    scoredFrames: beside.scoredFrames,
    events: timeline.events,
    observations: (since) => {
      held.flush();
      return log.read({ since });
    },
    toCsv: () => {
      held.flush();
      return log.toCsv();
    },
    toJson: () => {
      held.flush();
      return log.toJson();
    },
    storage: log.storage,
    mark: (note) => {
      if (!isOver()) timeline.addEvent({ kind: "note", atUs: nowUs(), text: note });
    },
    reset: () => {
      timeline.reset(nowUs());
      held.clear();
      log.reset();
      beside.reset();
    },
    way: way.id,
    label: way.label,
    delivery: standing.delivery,
    clockWords: clock.words,
    ended: playing.ended,
    halt: (failure) => {
      if (isOver()) return;
      standing.halt();
      if (failure !== null) timeline.addEvent({ kind: "failure", atUs: nowUs(), failure });
      beside.halt();
    },
    close: () => {
      standing.halt();
      beside.close();
      log.close();
    },
  };
}
