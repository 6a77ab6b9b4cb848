import { useRef, type ReactNode } from "react";

import type { FrameScore } from "../../core/quality/score-report.ts";
import { useWidth } from "../parts/use-width.ts";
import { layOutCurve, type CurveName } from "./curve.ts";

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

/** A figure over the frames. */
export function ScoreChart(props: {
  readonly frames: readonly FrameScore[];
  readonly name: CurveName;
  readonly label: string;
  readonly unit: string;
}): ReactNode {
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
  const rightEndPx = box.leftPx + box.widthPx;
  return (
    <figure className={styles["chart"]} data-chart={label} ref={holder}>
      <figcaption className={parts["hint"]}>{words}</figcaption>
      {curve !== null && widthPx > 0 && (
        <svg aria-label={words} height={heightPx} role="img" width={widthPx}>
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
          <path d={curve.path} fill="none" stroke={colours[name]} strokeLinejoin="round" strokeWidth={1.5} />
        </svg>
      )}
    </figure>
  );
}
