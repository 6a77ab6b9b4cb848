import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { toReceiverUs, toSenderUs } from "../../core/clock/instants.ts";
import { fail, succeed } from "../../core/failure.ts";
import { measured } from "../../core/measured.ts";
import { rowBytes } from "../../core/timeline/observation-row.ts";
import type { Observation } from "../../core/timeline/observation.ts";
import { createCaller } from "../workers/call.ts";
import { startFakeWorker } from "../workers/worker.fake.ts";
import type { LogJobs } from "./observation-log.protocol.ts";
import { createLogOver, type ObservationLog } from "./observation-log.ts";

/** A disk in memory that fails once it holds `roomRows`. */
function fakeDisk(roomRows: number) {
  let file = new Uint8Array(0);
  const caller = createCaller<LogJobs>({
    what: "keeping the observations on disk",
    start: () =>
      startFakeWorker<LogJobs>({
        open: async () => ({ result: succeed(null) }),
        append: async ({ atRow, bytes }) => {
          const endBytes = atRow * rowBytes + bytes.byteLength;
          if (endBytes > roomRows * rowBytes) {
            return {
              result: fail({
                kind: "ended-early",
                what: "writing",
                where: "disk",
                next: "",
                cause: "disk full",
              }),
            };
          }
          const grown = new Uint8Array(Math.max(file.byteLength, endBytes));
          grown.set(file);
          grown.set(new Uint8Array(bytes), atRow * rowBytes);
          file = grown;
          return { result: succeed(null) };
        },
        read: async ({ fromRow, rowCount }) => {
          const bytes = file.slice(fromRow * rowBytes, (fromRow + rowCount) * rowBytes).buffer;
          return { result: succeed(bytes), transfer: [bytes] };
        },
        clear: async () => {
          file = new Uint8Array(0);
          return { result: succeed(null) };
        },
      }),
  });
  return { disk: { caller, name: "a" }, rowCount: () => file.byteLength / rowBytes };
}

function observation(frameId: number): Observation {
  return {
    displayTimeUs: toReceiverUs(1_790_000_000_000_000 + frameId * 33_000),
    displayTimeSource: "reported",
    reading: {
      read: true,
      by: "tracked",
      marker: { runNumber: 1, frameId, captureTimeUs: toSenderUs(1_790_000_000_000_000) },
    },
    presentationTimeUs: frameId * 33_000,
    widthPx: 1280,
    heightPx: 720,
    readMs: 0.25,
  };
}

function fill(log: ObservationLog, count: number): void {
  const from = log.count();
  for (let index = 0; index < count; index += 1) log.append(observation(from + index), measured(40, 0.5));
}

function idsOf(observations: readonly Observation[]): readonly number[] {
  return observations.map(({ reading }) => (reading.read ? reading.marker.frameId : -1));
}

let log: ObservationLog | null = null;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
});
afterEach(() => {
  log?.close();
  vi.useRealTimers();
});

/** Lets the log write, and waits until the disk has it. */
async function untilWritten(rowCount: () => number, expected: number): Promise<void> {
  vi.advanceTimersByTime(1000);
  await vi.waitFor(() => expect(rowCount()).toBe(expected));
}

describe("the log of observations", () => {
  it("has everything on disk within two seconds, and reads it back with what is not yet there", async () => {
    const { disk, rowCount } = fakeDisk(Infinity);
    log = createLogOver(disk, 10_000);
    fill(log, 9000);
    await untilWritten(rowCount, 9000);
    fill(log, 500);
    expect(log.storage()).toEqual({ kind: "disk" });
    expect(log.count()).toBe(9500);
    expect(idsOf(await log.read({ since: 8990, limit: 20 }))).toEqual(
      Array.from({ length: 20 }, (_, index) => 8990 + index),
    );
    expect(await log.read()).toHaveLength(9500);
  });

  it("keeps the newest in memory where there is no disk, and says so", async () => {
    log = createLogOver(null, 8192);
    fill(log, 20_000);
    expect(log.storage()).toMatchObject({ kind: "memory", keptCount: 8192 });
    expect(log.count()).toBe(20_000);
    const kept = idsOf(await log.read());
    expect(kept.length).toBeGreaterThanOrEqual(8192 - 4096);
    expect(kept.at(-1)).toBe(19_999);
  });

  it("goes on in memory when the disk is full, and still reads what was written", async () => {
    const { disk, rowCount } = fakeDisk(6000);
    log = createLogOver(disk, 100_000);
    fill(log, 6000);
    await untilWritten(rowCount, 6000);
    fill(log, 100);
    vi.advanceTimersByTime(1000);
    await vi.waitFor(() => expect(log?.storage()).toMatchObject({ kind: "memory", why: "disk full" }));
    fill(log, 100);
    expect(await log.read()).toHaveLength(6200);
  });

  it("forgets everything at a reset and counts from 0", async () => {
    const { disk, rowCount } = fakeDisk(Infinity);
    log = createLogOver(disk, 10_000);
    fill(log, 100);
    await untilWritten(rowCount, 100);
    log.reset();
    expect(await log.read()).toEqual([]);
    fill(log, 3);
    await untilWritten(rowCount, 3);
    expect(idsOf(await log.read())).toEqual([0, 1, 2]);
  });

  it("exports every observation as CSV and as JSON, with its latency", async () => {
    const { disk, rowCount } = fakeDisk(Infinity);
    log = createLogOver(disk, 10_000);
    fill(log, 8500);
    await untilWritten(rowCount, 8500);
    fill(log, 1);
    const lines = (await (await log.toCsv()).text()).split("\r\n");
    expect(lines).toHaveLength(1 + 8501 + 1);
    expect(lines[8501]).toMatch(/^8500,.*,40\.000,0\.500,/);
    const json = JSON.parse(await (await log.toJson()).text()) as { observations: unknown[] };
    expect(json.observations).toHaveLength(8501);
    expect(json.observations[8200]).toMatchObject({
      index: 8200,
      latencyMs: { known: true, value: 40, bound: 0.5 },
    });
  });

  it("exports an empty session too", async () => {
    log = createLogOver(null, 8192);
    expect(JSON.parse(await (await log.toJson()).text())).toMatchObject({ observations: [] });
    expect((await (await log.toCsv()).text()).split("\r\n")).toHaveLength(2);
  });
});
