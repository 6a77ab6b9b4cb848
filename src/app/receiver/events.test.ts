import { expect, it } from "vitest";

import { toReceiverUs } from "../../core/clock/instants.ts";
import type { StreamEvent } from "../../core/timeline/event.ts";
import { eventWords, toStripMarks } from "./events.ts";

const nowUs = toReceiverUs(1_000_000_000);
const at = (secondsAgo: number) => toReceiverUs(nowUs - secondsAgo * 1e6);

it("places an event as far from the right edge as it is ago, with its length", () => {
  const [mark] = toStripMarks([{ kind: "freeze", atUs: at(10), durationMs: 2000 }], nowUs, 60);
  expect(mark).toMatchObject({ lane: "freeze", fromS: -10, toS: -8 });
});

it("keeps the end of what began before the window, and drops what ended before it", () => {
  const events: StreamEvent[] = [
    { kind: "freeze", atUs: at(61), durationMs: 2000 },
    { kind: "note", atUs: at(61), text: "too long ago" },
  ];
  expect(toStripMarks(events, nowUs, 60)).toMatchObject([{ lane: "freeze", fromS: -60, toS: -59 }]);
});

it.each<[StreamEvent, string]>([
  [{ kind: "loss", atUs: nowUs, count: 1, firstFrameId: 7 }, "frame 7 was never displayed"],
  [{ kind: "loss", atUs: nowUs, count: 3, firstFrameId: 7 }, "3 frames from 7 on were never displayed"],
  [{ kind: "run", atUs: nowUs, runNumber: 2, previousRunNumber: 1 }, "the sender began again: run 2 after 1"],
  [{ kind: "note", atUs: nowUs, text: "switched to 5G" }, "switched to 5G"],
])("tells %o in words", (event, words) => {
  expect(eventWords(event)).toBe(words);
});
