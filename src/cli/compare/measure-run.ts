import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { succeed, type Failure, type Result } from "../../core/failure.ts";
import { deadlineMs, type PlannedRun } from "../../core/plan/expand.ts";
import type { LatencyTrace } from "../../core/report/report.ts";
import type { Outcome, Run, RunResult, StreamHead } from "../../core/runs/run.ts";
import { systemClock } from "../../server/clock.ts";
import { answered } from "../drive/answered.ts";
import { readStream, resetMeasures, troubleOf } from "../drive/face.ts";
import { watchLoad } from "./load.ts";
import { openStage, type RunOptions, type Stage } from "./stage.ts";
import { openStream, type PlayingStream } from "./stream-drive.ts";
import type { StreamRecord } from "./stream-record.ts";

/** A run with what charts show of it. */
export type MeasuredRun = { readonly run: Run; readonly traces: readonly LatencyTrace[] };

/** How often a page is asked for what is new, ms: with the journal's own second, a kill loses less than 2 s. */
const readEveryMs = 500;

/** Measures one run, once. What cannot be measured is told in the run's outcome; only a broken browser installation fails. */
export async function measureRun(
  planned: PlannedRun,
  attempt: number,
  options: RunOptions,
): Promise<Result<MeasuredRun>> {
  options.onPhase("starting the browser", 0);
  const stage = await openStage(planned, attempt, options);
  if (!stage.ok) return stage;
  const { head, records } = stage.value;
  const load = watchLoad();
  try {
    options.journal.append({ kind: "begin", run: head });
    const played = await play(planned, stage.value, options, load.reset);
    const run: Run = options.redact({
      ...head,
      endedAtUs: systemClock.epochUs(),
      outcome: played.outcome,
      load: load.read(),
      results: played.streams.map((stream, index) => resultOf(stream, records[index], head.streams[index])),
    });
    const { endedAtUs, outcome, results } = run;
    options.journal.append({
      kind: "end",
      runId: head.id,
      end: { endedAtUs, outcome, load: run.load, results },
    });
    const traces = records.flatMap((record, index) =>
      results[index]?.outcome.kind === "measured" ? [record.trace()] : [],
    );
    return succeed({ run, traces });
  } finally {
    load.close();
    await stage.value.close();
    await options.journal.flush();
  }
}

function resultOf(
  stream: StreamEnd,
  record: StreamRecord | undefined,
  head: StreamHead | undefined,
): RunResult {
  if (record === undefined || head === undefined) throw new Error("every stream has a record");
  const result = record.result(stream.outcome);
  return { ...result, address: stream.address === "" ? head.address : stream.address };
}

/** How one stream ended, and where it was played from. */
type StreamEnd = { readonly outcome: Outcome; readonly address: string };
type Played = { readonly outcome: Outcome; readonly streams: readonly StreamEnd[] };

/** Plays all streams of a run for its time. Never rejects: a browser that breaks fails the run and leaves its streams cut. */
async function play(
  planned: PlannedRun,
  stage: Stage,
  options: RunOptions,
  onMeasuring: () => void,
): Promise<Played> {
  const opened: (Result<PlayingStream> | null)[] = planned.providers.map(() => null);
  const ended = (outcome: Outcome, ofPlaying: Outcome): Played => ({
    outcome,
    streams: opened.map((stream) => endOf(stream, ofPlaying)),
  });
  const broken = Promise.race([stage.sending.crashed, stage.receiving.crashed]).then((failure) => {
    // oxlint-disable-next-line only-throw-error -- a failure is plain data
    throw { failure };
  });
  // It may come when nobody races it any more.
  broken.catch(() => undefined);
  const over = new AbortController();
  try {
    const measuring = measure(planned, stage, options, opened, onMeasuring);
    // What it says after another has won the race is of no more interest.
    measuring.catch(() => undefined);
    const whicheverFirst = Promise.race([measuring, broken, untilStopped(options.signal, over.signal)]);
    const isWhole = await answered(whicheverFirst, deadlineMs(planned), "the run");
    const outcome: Outcome = isWhole ? { kind: "measured" } : { kind: "cut", why: "it was stopped" };
    return ended(outcome, outcome);
  } catch (error) {
    const failure: Failure = troubleOf(error);
    const why = `${failure.where}, so this stream could not be measured to its end`;
    return ended({ kind: "failed", failure }, { kind: "cut", why });
  } finally {
    over.abort();
  }
}

function endOf(stream: Result<PlayingStream> | null, ofPlaying: Outcome): StreamEnd {
  if (stream === null) {
    const why = ofPlaying.kind === "cut" ? ofPlaying.why : "it was not begun";
    return { outcome: { kind: "cut", why }, address: "" };
  }
  if (stream.ok) return { outcome: ofPlaying, address: stream.value.address };
  return { outcome: { kind: "failed", failure: stream.failure }, address: "" };
}

/** Longest that joining may go on after the user wants to stop, ms. */
const stopWithinMs = 2000;

/** Answers false a little after the user wants to stop, so that a last reading may still be taken. Rejects once it is `over`. */
async function untilStopped(signal: AbortSignal, over: AbortSignal): Promise<false> {
  if (!signal.aborted) await once(signal, "abort", { signal: over });
  await sleep(stopWithinMs, undefined, { ref: false });
  return false;
}

/** True when all of the time was measured, false when it was stopped. */
async function measure(
  planned: PlannedRun,
  stage: Stage,
  options: RunOptions,
  opened: (Result<PlayingStream> | null)[],
  onMeasuring: () => void,
): Promise<boolean> {
  const { cell, providers } = planned;
  options.onPhase("joining", 0);
  await Promise.all(
    providers.map(async (provider, index) => {
      opened[index] = await openStream({
        provider,
        environment: options.environment,
        senderOrigin: options.serverOrigin,
        receiverOrigin: stage.receiverOrigin,
        conditions: stage.head.conditions,
        joinWithinMs: cell.joinWithinMs,
        openSenderPage: stage.sending.openPage,
        openReceiverPage: stage.receiving.openPage,
      });
    }),
  );
  const playing = opened.flatMap((stream, index) => {
    const record = stage.records[index];
    return stream?.ok === true && record !== undefined ? [{ page: stream.value.receiver, record }] : [];
  });
  // Nothing plays: there is nothing to wait for.
  if (playing.length === 0) return !options.signal.aborted;
  options.onPhase("warming up", 0);
  await pause(cell.warmUpMs, options.signal);
  await Promise.all(playing.map(({ page }) => resetMeasures(page)));
  onMeasuring();
  return readUntil(playing, cell.durationMs, options);
}

type Playing = { readonly page: PlayingStream["receiver"]; readonly record: StreamRecord };

async function readUntil(
  playing: readonly Playing[],
  durationMs: number,
  { signal, journal, redact, onPhase }: RunOptions,
): Promise<boolean> {
  const beganMs = performance.now();
  let measuredMs = 0;
  while (measuredMs < durationMs && !signal.aborted) {
    await pause(Math.min(readEveryMs, durationMs - measuredMs), signal);
    measuredMs = performance.now() - beganMs;
    await Promise.all(
      playing.map(async ({ page, record }) => {
        const reading = await readStream(page, record.nextIndex());
        if (reading === null) return;
        for (const line of record.take(reading)) journal.append(redact(line));
      }),
    );
    onPhase("measuring", measuredMs);
  }
  return measuredMs >= durationMs;
}

async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  await sleep(waitMs, undefined, { signal }).catch(() => undefined);
}
