import type { PageMs } from "../../core/clock/instants.ts";
import { createTimeline } from "../../core/timeline/timeline.ts";
import { createObservationLog } from "../../media/record/observation-log.ts";
import { nothingBeside } from "./beside.fake.ts";
import type { FakePlay } from "./play.fake.ts";
import { createOpenSession, type SessionAdapters } from "./session.ts";

/** Opens sessions over a stream from a script, with the real timeline and log. */
export function openScripted(
  play: FakePlay,
  every: SessionAdapters["every"],
): ReturnType<typeof createOpenSession> {
  return createOpenSession({
    wayFor: () => play.way,
    sniff: async () => ({ ok: true, value: "file" }),
    followRun: () => () => undefined,
    createReader: play.createReader,
    createTimeline,
    createLog: createObservationLog,
    createBeside: nothingBeside,
    nowMs: () => (play.nowUs() / 1000) as PageMs,
    timeOriginMs: 0,
    every,
    watchHidden: () => () => undefined,
  });
}
