import type { ReceiverUs } from "../../core/clock/instants.ts";
import type { HistoryWindow } from "../../core/timeline/history.ts";
import type { Timeline } from "../../core/timeline/timeline.ts";
import type { Beside } from "./beside.ts";
import type { Trends } from "./session-face.ts";

/** What the charts show at an instant, of what is measured and of what goes on beside. */
export function trendsAt(
  nowUs: ReceiverUs,
  windowMin: HistoryWindow,
  timeline: Timeline,
  beside: Beside,
): Trends {
  return {
    nowUs,
    history: timeline.history(windowMin, nowUs),
    histogram: timeline.latencyHistogram(),
    events: timeline.events(),
    quality: beside.qualityHistory(windowMin, nowUs),
  };
}
