import type { TrendFigure } from "../../core/wire/runs.ts";

/** Figures that may be compared with each other over time: of one provider under one plan, its settings and network. */
export type TrendLine = { readonly name: string; readonly figures: readonly TrendFigure[] };

type Part = "provider" | "plan" | "settings" | "network";
const parts: readonly Part[] = ["provider", "plan", "settings", "network"];

/** Puts figures on lines, in the order in which they come; a line's name says the provider and what tells it from others. */
export function trendLines(figures: readonly TrendFigure[]): readonly TrendLine[] {
  const telling = parts.filter(
    (part) => part === "provider" || new Set(figures.map((figure) => figure[part])).size > 1,
  );
  const lines = new Map<string, TrendFigure[]>();
  for (const figure of figures) {
    const name = telling
      .map((part) => figure[part])
      .filter((text) => text !== "")
      .join(" · ");
    const own = lines.get(name) ?? [];
    own.push(figure);
    lines.set(name, own);
  }
  return [...lines].map(([name, own]) => ({ name, figures: own }));
}

/** Settings and network of a run in a few words; empty where the plan has neither. */
export function showUnder({ settings, network }: Pick<TrendFigure, "settings" | "network">): string {
  return [settings, network === "none" ? "" : network].filter((text) => text !== "").join(" · ");
}
