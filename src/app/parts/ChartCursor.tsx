import { useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";

import {
  linesOf,
  nearestSample,
  sampleByKey,
  sampleWords,
  type CursorPlace,
  type CursorSample,
  type PlotArea,
} from "./cursor.ts";

import styles from "./parts.module.css";

/** What a cursor moves over. */
type CursorProps = {
  readonly area: PlotArea;
  /** What the chart shows: the name of the control that the cursor is to those who do not see it. */
  readonly label: string;
  /** The samples, in the order of the axis; asked for only while there is a cursor. */
  readonly samples: () => readonly CursorSample[];
  /** How far from a sample a cursor may be and still show its figures, CSS px; any distance when not given. */
  readonly reachPx?: number;
};

/** Where the cursor is. `said` is what stood there when a key was pressed: what comes later is not read out unasked. */
type Cursor = CursorPlace & { readonly said: string };

const lineHeightPx = 14;
const wordsMarginPx = 4;
/** Of the small font, about: figures are tabular, and most letters are narrower. */
const charWidthPx = 7;

/**
 * The figures of a chart's samples, one at a time, within its SVG: that under the pointer, or the one to which Left, Right, Home and
 * End lead once the plot has the focus; Escape lets go. To assistive technology it is a slider, whose value is read out when it
 * changes. recharts has a layer of its own for keys (`accessibilityLayer`): it knows neither Home, End nor Escape, reaches only the
 * first line of a scatter, and interrupts what is being read.
 */
export function ChartCursor({
  area,
  label,
  samples,
  reachPx = Number.POSITIVE_INFINITY,
}: CursorProps): ReactNode {
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const goTo = (index: number): void => {
    const sample = samples()[index];
    if (sample === undefined) return;
    setCursor({ xPx: sample.xPx, yPx: sample.yPx ?? area.y, index, said: sampleWords(sample) });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") return setCursor(null);
    const all = samples();
    const from = cursor === null ? null : nearestSample(all, cursor, Number.POSITIVE_INFINITY);
    const to = sampleByKey(event.key, from, all.length);
    if (to === null) return;
    event.preventDefault();
    goTo(to);
  };
  return (
    <g className={styles["cursor"]}>
      {cursor !== null && <Pointed area={area} cursor={cursor} reachPx={reachPx} samples={samples()} />}
      <rect
        aria-label={label}
        aria-valuemax={100}
        aria-valuemin={0}
        aria-valuenow={cursor === null ? 100 : Math.round((100 * (cursor.xPx - area.x)) / area.width)}
        aria-valuetext={cursor?.said ?? "Left and Right show figures"}
        fill="transparent"
        height={area.height}
        onBlur={() => setCursor(null)}
        onFocus={({ currentTarget }) => {
          if (currentTarget.matches(":focus-visible")) goTo(samples().length - 1);
        }}
        onKeyDown={onKeyDown}
        onPointerLeave={() => setCursor(null)}
        onPointerMove={(event) => setCursor({ ...placeOf(event, area), index: null, said: "" })}
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- no input can stand within an SVG
        role="slider"
        tabIndex={0}
        width={area.width}
        x={area.x}
        y={area.y}
      />
    </g>
  );
}

/** Where in the picture the pointer is that moves over its plot. */
function placeOf(
  event: PointerEvent<SVGRectElement>,
  area: PlotArea,
): { readonly xPx: number; readonly yPx: number } {
  const box = event.currentTarget.getBoundingClientRect();
  return {
    xPx: area.x + ((event.clientX - box.left) / box.width) * area.width,
    yPx: area.y + ((event.clientY - box.top) / box.height) * area.height,
  };
}

function Pointed(props: {
  readonly area: PlotArea;
  readonly cursor: CursorPlace;
  readonly samples: readonly CursorSample[];
  readonly reachPx: number;
}): ReactNode {
  const { area, cursor, samples, reachPx } = props;
  const index = nearestSample(samples, cursor, reachPx);
  const sample = index === null ? undefined : samples[index];
  if (sample === undefined) return null;
  const { xPx, yPx, figures } = sample;
  const lines = linesOf(figures, Math.max(1, Math.floor((area.width - 2 * wordsMarginPx) / charWidthPx)));
  // On the other half, so that the words do not lie over what they are about.
  const isLeft = xPx < area.x + area.width / 2;
  return (
    <>
      <line stroke="var(--line-strong)" x1={xPx} x2={xPx} y1={area.y} y2={area.y + area.height} />
      {yPx !== undefined && <circle cx={xPx} cy={yPx} fill="none" r={6} stroke="var(--ink)" />}
      {lines.map(({ key, words, color }, line) => (
        <text
          key={key}
          style={{ fill: color }}
          textAnchor={isLeft ? "end" : "start"}
          x={isLeft ? area.x + area.width - wordsMarginPx : area.x + wordsMarginPx}
          y={area.y + 12 + line * lineHeightPx}
        >
          {words}
        </text>
      ))}
    </>
  );
}
