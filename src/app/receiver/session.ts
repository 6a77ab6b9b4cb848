import type { PageMs, ReceiverUs } from "../../core/clock/instants.ts";
import { epochUsOf, toReceiverUs } from "../../core/clock/instants.ts";
import { fail, succeed, type Failure } from "../../core/failure.ts";
import type { Timeline, TimelineOptions } from "../../core/timeline/timeline.ts";
import type { CreateFrameReader, FrameReader } from "../../media/frames/reader.ts";
import type { Playing, PlayListener, PlayState, PlayTarget, PlayWay } from "../../media/play/way.ts";
import { createHeldLog, type HeldLog } from "../../media/record/held-log.ts";
import type { ObservationLog } from "../../media/record/observation-log.ts";
import type { OpenSession, Session } from "./session-face.ts";

/** What a session is wired from. */
export type SessionAdapters = {
  /** The way made for a target, or null when none can play it. */
  readonly wayFor: (target: PlayTarget) => PlayWay | null;
  readonly createReader: CreateFrameReader;
  readonly createTimeline: (options: TimelineOptions) => Timeline;
  readonly createLog: () => ObservationLog;
  readonly nowMs: () => PageMs;
  /** `performance.timeOrigin` of this page. */
  readonly timeOriginMs: number;
  /** Calls again and again until the answer is called. */
  readonly every: (intervalMs: number, call: () => void) => () => void;
};

/** How often the browser's own counts are sampled, ms. */
export const sampleIntervalMs: number = 1000;

const noWay: Failure = {
  kind: "unsupported",
  what: "playing the stream",
  where: "this address",
  next: "Join by the code that a sender shows.",
};

/** Makes the function that opens sessions: a playing stream, the reader of its markers, the timeline and the log beside it. */
export function createOpenSession(adapters: SessionAdapters): OpenSession {
  const nowUs = (): ReceiverUs => toReceiverUs(epochUsOf(adapters.nowMs(), adapters.timeOriginMs));

  return async (setup, video, listener, signal) => {
    const target = { kind: "join", join: setup.join } as const;
    const way = adapters.wayFor(target);
    if (way === null) return fail(noWay);
    const startUs = nowUs();
    const timeline = adapters.createTimeline({
      startUs,
      timeOriginMs: adapters.timeOriginMs,
      canStall: false,
    });
    timeline.markJoinAsked(startUs);
    const log = adapters.createLog();
    const held = createHeldLog(timeline.latencyOf, log.append);
    const reader = await adapters.createReader({
      video,
      isReading: setup.read,
      onObservation: (observation) => {
        timeline.addObservation(observation);
        held.add(observation);
      },
    });
    if (!reader.ok) {
      log.close();
      return reader;
    }
    const release = () => {
      reader.value.close();
      log.close();
    };
    try {
      const open = await way.load();
      const playListener = toPlayListener(timeline, reader.value, nowUs, listener.onState);
      const options = { video, bufferMs: setup.bufferMs, relayOnly: setup.relay, listener: playListener };
      const playing = await open(target, options, signal);
      if (playing.ok)
        return succeed(
          wire(adapters, nowUs, { timeline, log, held, reader: reader.value, playing: playing.value }),
        );
      release();
      return playing;
    } catch (error) {
      release();
      throw error;
    }
  };
}

type Parts = {
  readonly timeline: Timeline;
  readonly log: ObservationLog;
  readonly held: HeldLog;
  readonly reader: FrameReader;
  readonly playing: Playing;
};

function wire(
  adapters: SessionAdapters,
  nowUs: () => ReceiverUs,
  { timeline, log, held, reader, playing }: Parts,
): Session {
  const stopSampling = adapters.every(sampleIntervalMs, () => {
    void samplePlayer(timeline, reader, playing);
  });
  return {
    snapshot: () => timeline.snapshot(nowUs()),
    trends: (windowMin) => {
      const at = nowUs();
      return {
        nowUs: at,
        history: timeline.history(windowMin, at),
        histogram: timeline.latencyHistogram(),
        events: timeline.events(),
      };
    },
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
    mark: (note) => timeline.addEvent({ kind: "note", atUs: nowUs(), text: note }),
    reset: () => {
      timeline.reset(nowUs());
      held.clear();
      log.reset();
    },
    ended: playing.ended,
    close: () => {
      stopSampling();
      reader.close();
      playing.close();
      held.flush();
      log.close();
    },
  };
}

async function samplePlayer(timeline: Timeline, reader: FrameReader, playing: Playing): Promise<void> {
  const sample = await playing.sample();
  const { presentedCount } = reader.report();
  timeline.addTransport({ framesPresentedCount: presentedCount, ...sample });
}

/** What the player tells, put where it is measured: states become events, and a way back from a loss a reconnect. */
function toPlayListener(
  timeline: Timeline,
  reader: FrameReader,
  nowUs: () => ReceiverUs,
  show: (state: PlayState) => void,
): PlayListener {
  let lost: { readonly atUs: ReceiverUs; readonly why: string } | null = null;
  let wasConnected = false;
  return {
    onState: (state) => {
      const atUs = nowUs();
      if (state.state === "connected") {
        if (lost !== null)
          timeline.addEvent({
            kind: "reconnect",
            atUs: lost.atUs,
            durationMs: (atUs - lost.atUs) / 1000,
            why: lost.why,
          });
        lost = null;
        wasConnected = true;
      } else if (wasConnected && lost === null) {
        lost = { atUs, why: state.why };
        timeline.addEvent({ kind: "connection", atUs, state: state.state, why: state.why });
      }
      show(state);
    },
    onTrack: (track) => reader.readTrack(track),
    onFacts: (facts) => timeline.expectRun(facts.runNumber),
    onClock: (road, offset) => timeline.setOffset(road, offset),
  };
}
