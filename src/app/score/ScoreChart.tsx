import { useEffect, useRef, useState, type ReactNode, type RefObject } from "react";

import type { FrameScore } from "../../core/quality/score-report.ts";
import { layOutCurve, type CurveName } from "./curve.ts";

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

/** Width of an element, as it changes, px; 0 until it is known. */
function useWidth(of: RefObject<HTMLElement | null>): number {
  const [widthPx, setWidthPx] = useState(0);
  useEffect(() => {
    const element = of.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidthPx(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [of]);
  return widthPx;
}

/** A figure over the frames. */
export function ScoreChart(props: {
  readonly frames: readonly FrameScore[];
  readonly name: CurveName;
  readonly label: string;
}): ReactNode {
  const { frames, name, label } = props;
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
    <div className={styles["chart"]} ref={holder}>
      {curve !== null && widthPx > 0 && (
        <svg aria-label={`${label} of each frame`} height={heightPx} role="img" width={widthPx}>
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
          <text className={styles["tick"]} textAnchor="middle" x={leftPx + box.widthPx / 2} y={heightPx - 6}>
            {label}
          </text>
          <path d={curve.path} fill="none" stroke={colours[name]} strokeLinejoin="round" strokeWidth={1.5} />
        </svg>
      )}
    </div>
  );
}
