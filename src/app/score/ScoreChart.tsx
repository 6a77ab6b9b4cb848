import { useRef, type ReactNode } from "react";

import type { FrameScore } from "../../core/quality/score-report.ts";
import { ChartCursor } from "../parts/ChartCursor.tsx";
import type { PlotArea } from "../parts/cursor.ts";
import { useWidth } from "../parts/use-width.ts";
import { curveSamples, layOutCurve, type Curve, type CurveName } from "./curve.ts";

import parts from "../parts/parts.module.css";
import styles from "./score.module.css";

const heightPx = 200;
const leftPx = 44;
const rightPx = 16;
const topPx = 10;
const bottomPx = 24;

const colours: Readonly<Record<CurveName, string>> = {
  vmaf: "var(--trace)",
  psnrY: "var(--trace-2)",
  ssim: "var(--trace-3)",
};

type ChartProps = {
  readonly frames: readonly FrameScore[];
  readonly name: CurveName;
  readonly label: string;
  readonly unit: string;
};

/** A figure over the frames. */
export function ScoreChart(props: ChartProps): ReactNode {
  const { frames, name, label, unit } = props;
  const words = `${label} of each frame${unit === "" ? "" : `, ${unit}`}`;
  const holder = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(holder);
  const box = {
    x: leftPx,
    y: topPx,
    width: Math.max(1, widthPx - leftPx - rightPx),
    height: heightPx - topPx - bottomPx,
  };
  const curve = layOutCurve(frames, name, box);
  return (
    <figure className={styles["chart"]} data-chart={label} ref={holder}>
      <figcaption className={parts["hint"]}>{words}</figcaption>
      {curve !== null && widthPx > 0 && (
        <svg height={heightPx} width={widthPx}>
          <svg aria-label={words} role="img">
            <Axes box={box} curve={curve} name={name} />
            <path
              d={curve.path}
              fill="none"
              stroke={colours[name]}
              strokeLinejoin="round"
              strokeWidth={1.5}
            />
          </svg>
          <ChartCursor area={box} label={words} samples={() => curveSamples(frames, { name, unit, box })} />
        </svg>
      )}
    </figure>
  );
}

function Axes(props: { readonly curve: Curve; readonly name: CurveName; readonly box: PlotArea }): ReactNode {
  const { curve, name, box } = props;
  const rightEndPx = box.x + box.width;
  return (
    <>
      {curve.ticks.map(({ value, yPx }) => (
        <g key={value}>
          <line stroke="var(--line)" x1={leftPx} x2={rightEndPx} y1={yPx} y2={yPx} />
          <text className={styles["tick"]} textAnchor="end" x={leftPx - 6} y={yPx + 4}>
            {name === "ssim" ? value.toFixed(1) : value}
          </text>
        </g>
      ))}
      <text className={styles["tick"]} x={leftPx} y={heightPx - 6}>
        {`frame ${curve.firstFrame}`}
      </text>
      <text className={styles["tick"]} textAnchor="end" x={rightEndPx} y={heightPx - 6}>
        {curve.lastFrame}
      </text>
    </>
  );
}
