import { lazy, Suspense, useMemo, useRef, useState, type ReactNode, type RefObject } from "react";

import type { Failure } from "../../core/failure.ts";
import type { StoredRun, StoredStream } from "../../core/wire/runs.ts";
import type { Asked, RunsLink } from "../../media/link/runs.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { CopyLink } from "../parts/CopyLink.tsx";
import { toDateTime } from "../parts/format.ts";
import { FailureNotice, WarnNotice } from "../parts/Notice.tsx";
import { Readouts, type Row } from "../parts/Readouts.tsx";
import { saveBlob } from "../parts/save.ts";
import { SavePng } from "../parts/TakeAway.tsx";
import { untilLoaded } from "../parts/until-loaded.ts";
import { trendAddress } from "./address.ts";
import { Loaded } from "./Loaded.tsx";
import { createLoader } from "./loading.ts";
import { Remarks } from "./Remarks.tsx";
import { toConditionRows, toMachineRows, toRunRows } from "./run-rows.ts";
import { measureLabel, stateFaces, toMeasureFigure } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./runs.module.css";

const LatencyChart = lazy(async () => ({
  default: (await untilLoaded(() => import("./LatencyChart.tsx"))).LatencyChart,
}));

/** One run in full. */
export function RunView(props: { readonly link: RunsLink; readonly runId: string }): ReactNode {
  const { link, runId } = props;
  const run = useMemo(() => createLoader(() => link.read(runId)), [link, runId]);
  return <Loaded loader={run}>{(value) => <WholeRun link={link} reload={run.reload} run={value} />}</Loaded>;
}

type RunProps = { readonly link: RunsLink; readonly run: StoredRun };

function WholeRun(props: RunProps & { readonly reload: () => Promise<void> }): ReactNode {
  const { link, run } = props;
  const [failure, setFailure] = useState<Failure | null>(null);
  const save = async (part: string, fileName: string) => {
    const file: Asked<Blob> = await link.download(run.head.id, part);
    if (file.ok) saveBlob(file.value, fileName);
    else setFailure(file.failure);
  };
  const remove = async () => {
    if (!confirm("Delete this run with all observations?")) return;
    const removed = await link.remove(run.head.id);
    if (removed.ok) location.assign("/runs");
    else setFailure(removed.failure);
  };
  return (
    <>
      {failure !== null && <FailureNotice failure={failure} />}
      <div className={styles["head"]}>
        <h2 className={parts["cardName"]}>
          {run.comparison.name}, {toDateTime(run.head.startedAtUs)}
        </h2>
        <div className={parts["buttons"]}>
          <CopyLink link={location.href} />
          <Button
            onPress={() => saveBlob(toJson(run), `run-${run.head.id}.json`)}
            title="What is shown here; the observations are in the streams’ CSV and Parquet"
          >
            JSON
          </Button>
          <Button
            onPress={() => void save("file", `run-${run.head.id}.jsonl.gz`)}
            title="Everything of this run in one file, to be imported elsewhere"
          >
            Export
          </Button>
          <Button onPress={() => void remove()}>Delete</Button>
        </div>
      </div>
      <RunNotices run={run} />
      {run.streams.map((stream) => (
        <StreamCard key={stream.number} {...props} save={save} stream={stream} />
      ))}
      <div className={styles["columns"]}>
        <Card flush title="Run">
          <Readouts rows={toRunRows(run)} />
        </Card>
        <Remarks link={link} remarks={run.remarks} reload={props.reload} runId={run.head.id} />
        <Card flush title="Conditions">
          <Readouts rows={toConditionRows(run)} />
        </Card>
        <Card flush title="Machine">
          <Readouts rows={toMachineRows(run)} />
        </Card>
      </div>
    </>
  );
}

function RunNotices({ run }: { readonly run: StoredRun }): ReactNode {
  const outcome = run.end?.outcome;
  return (
    <>
      {outcome?.kind === "failed" && <FailureNotice failure={outcome.failure} />}
      {outcome?.kind === "cut" && <WarnNotice>This run was cut short: {outcome.why}.</WarnNotice>}
      {run.end?.load.isSaturated === true && (
        <WarnNotice>The machine was so busy that it may have measured itself.</WarnNotice>
      )}
    </>
  );
}

function toJson(run: StoredRun): Blob {
  return new Blob([JSON.stringify(run)], { type: "application/json" });
}

type Save = (part: string, fileName: string) => Promise<void>;

function StreamActions(props: {
  readonly runId: string;
  /** The plan's name. */
  readonly plan: string;
  readonly stream: StoredStream;
  readonly save: Save;
  readonly chart: RefObject<HTMLDivElement | null>;
}): ReactNode {
  const { runId, plan, stream, save, chart } = props;
  const { words, tone } = stateFaces[stream.state];
  const file = `streams/${stream.number}/observations`;
  const name = `run-${runId}-${stream.number}`;
  return (
    <div className={styles["actions"]}>
      <span className={parts[tone]}>{words}</span>
      <a
        className={parts["button"]}
        href={trendAddress({ measure: "latency.p95", provider: stream.provider, plan })}
      >
        Trend
      </a>
      <Button
        disabled={stream.observationCount === 0}
        onPress={() => void save(`${file}.csv`, `${name}.csv`)}
      >
        CSV
      </Button>
      <Button
        disabled={stream.observationCount === 0}
        onPress={() => void save(`${file}.parquet`, `${name}.parquet`)}
        title="For DuckDB, pandas, Spark"
      >
        Parquet
      </Button>
      {stream.observationCount > 0 && (
        <SavePng charts={chart} name={name} title="Saves the chart as PNG" words="PNG" />
      )}
    </div>
  );
}

function StreamCard(
  props: RunProps & {
    readonly stream: StoredStream;
    readonly save: Save;
  },
): ReactNode {
  const { link, run, stream, save } = props;
  const chart = useRef<HTMLDivElement>(null);
  const rows: readonly Row[] = stream.measures.map((measure) => ({
    label: measureLabel(measure.key),
    title: measure.key,
    figure: toMeasureFigure(measure),
  }));
  return (
    <Card
      aside={
        <StreamActions
          chart={chart}
          plan={run.comparison.name}
          runId={run.head.id}
          save={save}
          stream={stream}
        />
      }
      flush
      isNamed
      title={stream.provider}
    >
      {stream.outcome?.kind === "failed" && run.streams.length > 1 && (
        <FailureNotice failure={stream.outcome.failure} />
      )}
      <p className={styles["empty"]}>
        {[
          stream.kind,
          stream.address,
          `${stream.observationCount} observations`,
          `${stream.events.length} ${stream.events.length === 1 ? "event" : "events"}`,
        ]
          .filter((text) => text !== "")
          .join(" · ")}
      </p>
      {stream.observationCount > 0 && (
        <Suspense fallback={<p className={parts["hint"]}>Loading the chart…</p>}>
          <div ref={chart}>
            <LatencyChart link={link} runId={run.head.id} stream={stream.number} />
          </div>
        </Suspense>
      )}
      <div className={styles["measures"]}>
        <Readouts rows={rows} />
      </div>
    </Card>
  );
}
