/** How axes of this tab's charts look. */
export const axisProps: {
  readonly stroke: string;
  readonly tick: { readonly fill: string; readonly fontSize: number };
  readonly tickLine: false;
} = { stroke: "var(--line-strong)", tick: { fill: "var(--ink-dim)", fontSize: 11 }, tickLine: false };

/** Room around a chart, px. */
export const chartMargin: {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
} = {
  top: 8,
  right: 40,
  bottom: 0,
  left: 0,
};
