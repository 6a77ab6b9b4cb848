import { useRef, useState, type ReactNode } from "react";

import type { FrameScore } from "../../core/quality/score-report.ts";
import { useWidth } from "../parts/use-width.ts";
import { frameAt, layOutCurve, type Curve, type CurveName, type PlotBox } from "./curve.ts";

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
/** Decimals of a figure that is pointed at. */
const decimals: Readonly<Record<CurveName, number>> = { vmaf: 1, psnrY: 1, ssim: 4 };

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
    leftPx,
    topPx,
    widthPx: Math.max(1, widthPx - leftPx - rightPx),
    heightPx: heightPx - topPx - bottomPx,
  };
  const curve = layOutCurve(frames, name, box);
  return (
    <figure className={styles["chart"]} data-chart={label} ref={holder}>
      <figcaption className={parts["hint"]}>{words}</figcaption>
      {curve !== null && widthPx > 0 && (
        <svg aria-label={words} height={heightPx} role="img" width={widthPx}>
          <Axes box={box} curve={curve} name={name} />
          <path d={curve.path} fill="none" stroke={colours[name]} strokeLinejoin="round" strokeWidth={1.5} />
          <Pointed {...props} box={box} />
        </svg>
      )}
    </figure>
  );
}

function Axes(props: { readonly curve: Curve; readonly name: CurveName; readonly box: PlotBox }): ReactNode {
  const { curve, name, box } = props;
  const rightEndPx = box.leftPx + box.widthPx;
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

/** The figure of the frame that is pointed at. */
function Pointed({ frames, name, unit, box }: ChartProps & { readonly box: PlotBox }): ReactNode {
  const [atRatio, setAtRatio] = useState<number | null>(null);
  const pointed = atRatio === null ? null : frameAt(frames, atRatio);
  return (
    <>
      {pointed !== null && (
        <>
          <line
            stroke="var(--line-strong)"
            x1={box.leftPx + pointed.ratio * box.widthPx}
            x2={box.leftPx + pointed.ratio * box.widthPx}
            y1={box.topPx}
            y2={box.topPx + box.heightPx}
          />
          <text
            className={styles["pointed"]}
            textAnchor="end"
            x={box.leftPx + box.widthPx}
            y={box.topPx + 14}
          >
            {`frame ${pointed.frame.frame}: ${pointed.frame[name].toFixed(decimals[name])} ${unit}`.trimEnd()}
          </text>
        </>
      )}
      <rect
        fill="transparent"
        height={box.heightPx}
        onPointerLeave={() => setAtRatio(null)}
        onPointerMove={(event) => {
          const { left, width } = event.currentTarget.getBoundingClientRect();
          setAtRatio((event.clientX - left) / width);
        }}
        width={box.widthPx}
        x={box.leftPx}
        y={box.topPx}
      />
    </>
  );
}
