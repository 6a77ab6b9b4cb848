import type { ReactNode } from "react";
import { DefaultZIndexes, usePlotArea, useXAxisScale, useYAxisScale, ZIndexLayer } from "recharts";

import { ChartCursor } from "../parts/ChartCursor.tsx";
import type { CursorSample } from "../parts/cursor.ts";
import type { Place } from "./cursor-samples.ts";

/** The figures of a chart's samples, over everything that recharts draws in it. */
export function PlotCursor(props: {
  readonly label: string;
  /** The samples, where the axes put them. */
  readonly samplesAt: (axes: { readonly x: Place; readonly y: Place }) => readonly CursorSample[];
}): ReactNode {
  const { label, samplesAt } = props;
  const area = usePlotArea();
  const x = useXAxisScale();
  const y = useYAxisScale();
  if (area === undefined || x === undefined || y === undefined) return null;
  return (
    <ZIndexLayer zIndex={DefaultZIndexes.cursorLine}>
      <ChartCursor area={area} label={label} samples={() => samplesAt({ x, y })} />
    </ZIndexLayer>
  );
}
