import { expect, it } from "vitest";

import { toReceiverUs } from "../../core/clock/instants.ts";
import type { Failure } from "../../core/failure.ts";
import { missing } from "../../core/measured.ts";
import type { StreamHead } from "../../core/runs/run.ts";
import { createTimeline } from "../../core/timeline/timeline.ts";
import type { ReceiverConnection } from "../../core/wire/automation.ts";
import { receiverDefaults } from "../../core/wire/receiver-setup.ts";
import type { Reading } from "../drive/face.ts";
import { createRecord } from "./stream-record.ts";

const failure: Failure = { kind: "unreachable", what: "playing", where: "a.example", next: "Start it." };
const head: StreamHead = { number: 1, provider: "a", via: null, address: "" };
const timeline = createTimeline({ startUs: toReceiverUs(0), timeOriginMs: 0, canStall: true });
const none = missing("not measured");

/** What a page tells of a stream whose figures are of an instant, without new observations. */
function reading(atUs: number, connection: ReceiverConnection): Reading {
  return {
    observations: [],
    report: {
      number: 1,
      label: "a",
      kind: "hls",
      isControl: false,
      snapshot: {
        phase: "measuring",
        setup: receiverDefaults,
        connection,
        paused: false,
        measures: timeline.snapshot(toReceiverUs(atUs)),
        quality: { state: "none", why: "off" },
      },
      differentialMs: { now: none, mean: none, p50: none, p95: none, pairCount: 0 },
      delivery: null,
      clockWords: null,
      events: [],
    },
  };
}

it.each([
  ["failed", failure, { kind: "failed", failure }],
  ["ended as it should", null, { kind: "measured" }],
] as const)(
  "a stream that %s in the midst of its run is told so, and kept as it stood",
  (_how, why, outcome) => {
    const record = createRecord({ runId: "r", head, price: null });
    expect(record.take(reading(1e6, { state: "connected", why: "" }))).toHaveLength(1);
    const ended: ReceiverConnection = { state: "ended", why: "it has ended", failure: why };
    expect(record.take(reading(2e6, ended))).toHaveLength(1);
    expect(record.take(reading(2e6, ended))).toEqual([]);
    const result = record.result({ kind: "measured" });
    expect(result.outcome).toEqual(outcome);
    expect(result.measuredUntilUs).toBe(2e6);
    const cut = { kind: "cut", why: "it was stopped" } as const;
    expect(record.result(cut).outcome).toEqual(cut);
  },
);
