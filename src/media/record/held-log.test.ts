import { expect, it } from "vitest";

import { toReceiverUs, toSenderUs } from "../../core/clock/instants.ts";
import { measured, missing, type Measured } from "../../core/measured.ts";
import type { Observation } from "../../core/timeline/observation.ts";
import { createHeldLog } from "./held-log.ts";

function seen(frameId: number, isRead = true): Observation {
  return {
    displayTimeUs: toReceiverUs(frameId * 100_000),
    displayTimeSource: "reported",
    reading: isRead
      ? {
          read: true,
          marker: { runNumber: 1, frameId, captureTimeUs: toSenderUs(frameId * 100_000) },
          by: "tracked",
        }
      : { read: false, why: "absent" },
    presentationTimeUs: frameId * 100_000,
    widthPx: 640,
    heightPx: 360,
    readMs: 0.4,
  };
}

function watch() {
  const written: { readonly atUs: number; readonly known: boolean }[] = [];
  let clock: Measured = missing("the clocks are not compared yet");
  const log = createHeldLog(
    (observation) => (observation.reading.read ? clock : missing("no marker")),
    (observation, latency) => written.push({ atUs: observation.displayTimeUs, known: latency.known }),
  );
  return { log, written, compareClocks: () => (clock = measured(40, 1)) };
}

it("frames from before the clocks are compared are written down with their latency, in order", () => {
  const { log, written, compareClocks } = watch();
  log.add(seen(0));
  log.add(seen(1, false));
  log.add(seen(2));
  expect(written).toEqual([]);
  compareClocks();
  log.add(seen(3));
  expect(written).toEqual([
    { atUs: 0, known: true },
    { atUs: 100_000, known: false },
    { atUs: 200_000, known: true },
    { atUs: 300_000, known: true },
  ]);
});

it("no frame waits longer than 1.5 s for a clock that does not come", () => {
  const { log, written } = watch();
  for (let frameId = 0; frameId <= 16; frameId += 1) log.add(seen(frameId));
  expect(written).toEqual([{ atUs: 0, known: false }]);
  log.flush();
  expect(written).toHaveLength(17);
});
