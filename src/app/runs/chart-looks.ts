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

/** How a chart's tooltip looks. */
export const tooltipProps: {
  readonly contentStyle: Readonly<Record<string, string>>;
  readonly formatter: (value: unknown) => string;
  readonly isAnimationActive: false;
} = {
  contentStyle: { background: "var(--panel)", border: "1px solid var(--line-strong)", color: "var(--ink)" },
  formatter: (value) => toWords(value),
  isAnimationActive: false,
};

function toWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(toWords).join(" to ");
  return typeof value === "number" ? value.toFixed(2) : "—";
}
