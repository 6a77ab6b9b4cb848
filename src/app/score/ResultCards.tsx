import { useRef, useState, type ReactNode } from "react";

import { toCsv, type ScoreReport } from "../../core/quality/score-report.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { Readouts } from "../parts/Readouts.tsx";
import { saveBlob } from "../parts/save.ts";
import { Scroll } from "../parts/Scroll.tsx";
import { Table } from "../parts/Table.tsx";
import { SavePng } from "../parts/TakeAway.tsx";
import type { ScoreDoing } from "./score-state.ts";
import { ScoreChart } from "./ScoreChart.tsx";
import {
  framesOf,
  looksOf,
  pooledColumns,
  toFactRows,
  toFrameCells,
  toPooledLines,
  toSentences,
} from "./view.ts";
import { WorstCard } from "./WorstCard.tsx";

import parts from "../parts/parts.module.css";
import styles from "./score.module.css";

type Done = Extract<ScoreDoing, { phase: "done" }>;

/** The curves, while frames come and after. */
export function CurveCard({ doing }: { readonly doing: ScoreDoing }): ReactNode {
  const charts = useRef<HTMLDivElement>(null);
  const frames = framesOf(doing);
  if (frames.length === 0) return null;
  return (
    <Card
      aside={doing.phase === "done" && <SavePng charts={charts} name="streamgauge-score" words="Save PNG" />}
      flush
      title="Frame by frame"
    >
      <div ref={charts}>
        <ScoreChart frames={frames} label="VMAF" name="vmaf" unit="" />
        <ScoreChart frames={frames} label="PSNR" name="psnrY" unit="dB" />
        <ScoreChart frames={frames} label="SSIM" name="ssim" unit="" />
      </div>
    </Card>
  );
}

function save(text: string, type: string, ending: string): void {
  saveBlob(new Blob([text], { type }), `streamgauge-score.${ending}`);
}

/** The figures over all frames, and how they came to be. */
export function FiguresCard({ doing }: { readonly doing: Done }): ReactNode {
  const { report, tookS } = doing;
  return (
    <Card
      aside={
        <div className={parts["buttons"]}>
          <Button onPress={() => save(JSON.stringify(report), "application/json", "json")}>Save JSON</Button>
          <Button onPress={() => save(toCsv(report), "text/csv", "csv")}>Save CSV</Button>
        </div>
      }
      flush
      title="Result"
    >
      <p className={styles["headline"]}>
        <span className={styles["headlineFigure"]}>{report.mean.vmaf?.toFixed(2)}</span>
        <span>{` VMAF, mean of ${report.frames.length} frames${report.isComplete ? "" : ", a part only: a decoder broke down"}`}</span>
      </p>
      <PooledTable report={report} />
      <Readouts rows={toFactRows(report, tookS)} />
      <ul className={styles["sentences"]}>
        {toSentences(report).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Card>
  );
}

function PooledTable({ report }: { readonly report: ScoreReport }): ReactNode {
  return (
    <Scroll label="Figures over all frames">
      <Table className={styles["frames"]} kind="figures">
        <caption className={parts["visuallyHidden"]}>Figures over all frames</caption>
        <thead>
          <tr>
            <th scope="col">Figure</th>
            {pooledColumns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {toPooledLines(report).map(({ label, unit, title, cells }) => (
            <tr key={label}>
              <th scope="row" title={title}>
                {unit === "" ? label : `${label}, ${unit}`}
              </th>
              {cells.map((cell, index) => (
                <td key={pooledColumns[index]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </Scroll>
  );
}

const rowsAtOnce = 100;

/** Every frame with its figures, a page at a time. */
export function FramesCard({ report }: { readonly report: ScoreReport }): ReactNode {
  const [from, setFrom] = useState(0);
  const { frames } = report;
  const looks = looksOf(frames);
  const shown = frames.slice(from, from + rowsAtOnce);
  return (
    <Card
      aside={
        frames.length > rowsAtOnce && (
          <div className={parts["buttons"]}>
            <Button disabled={from === 0} onPress={() => setFrom(from - rowsAtOnce)}>
              Earlier
            </Button>
            <Button disabled={from + rowsAtOnce >= frames.length} onPress={() => setFrom(from + rowsAtOnce)}>
              Later
            </Button>
          </div>
        )
      }
      flush
      title={`Frames ${frames.length === 0 ? 0 : from + 1} to ${from + shown.length} of ${frames.length}`}
    >
      <Scroll className={styles["long"]} label="Figures of each frame">
        <Table className={styles["frames"]} kind="figures">
          <caption className={parts["visuallyHidden"]}>Figures of each frame</caption>
          <thead>
            <tr>
              <th scope="col">Frame</th>
              {looks.map(({ label, title }) => (
                <th key={label} scope="col" title={title}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((frame) => (
              <tr key={frame.frame}>
                <th scope="row">{frame.frame}</th>
                {toFrameCells(frame, looks).map((cell, index) => (
                  <td key={looks[index]?.name}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      </Scroll>
    </Card>
  );
}

/** Everything there is once all frames are scored. */
export function ResultCards({ doing }: { readonly doing: Done }): ReactNode {
  return (
    <>
      <FiguresCard doing={doing} />
      <CurveCard doing={doing} />
      <WorstCard worst={doing.worst} />
      <FramesCard report={doing.report} />
    </>
  );
}
