import type { ReceiverUs } from "../../core/clock/instants.ts";
import { epochUsOf, toReceiverUs } from "../../core/clock/instants.ts";
import type { Timeline } from "../../core/timeline/timeline.ts";
import type { FrameReader } from "../../media/frames/reader.ts";
import type { Playing, PlayListener, PlayState } from "../../media/play/way.ts";
import type { SessionAdapters } from "./session.ts";

/** Puts what the browser counts now where it is measured. */
export async function samplePlayer(timeline: Timeline, reader: FrameReader, playing: Playing): Promise<void> {
  const sample = await playing.sample();
  const { presentedCount } = reader.report();
  timeline.addTransport({ framesPresentedCount: presentedCount, ...sample });
}

/** What the player tells, put where it is measured: states become events, and a way back from a loss a reconnect. */
export function toPlayListener(
  timeline: Timeline,
  reader: FrameReader,
  nowUs: () => ReceiverUs,
  { timeOriginMs }: Pick<SessionAdapters, "timeOriginMs">,
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
    onEvent: ({ atMs, ...event }) => {
      const atUs = toReceiverUs(epochUsOf(atMs, timeOriginMs));
      if (event.kind === "waiting") timeline.setWaiting(event.isOver ? null : atUs);
      else timeline.addEvent({ ...event, atUs });
    },
    onTrack: (track) => reader.readTrack(track),
    onFacts: (facts) => timeline.expectRun(facts.runNumber),
    onClock: (road, offset) => timeline.setOffset(road, offset),
  };
}

/** The same listener, deaf to what a player still says while and after it is closed. */
export function untilOver(listener: PlayListener, over: AbortSignal): PlayListener {
  const whileOn =
    <Given extends readonly unknown[]>(call: (...given: Given) => void) =>
    (...given: Given): void => {
      if (!over.aborted) call(...given);
    };
  return {
    onState: whileOn(listener.onState),
    onEvent: whileOn(listener.onEvent),
    onTrack: whileOn(listener.onTrack),
    onFacts: whileOn(listener.onFacts),
    onClock: whileOn(listener.onClock),
  };
}
