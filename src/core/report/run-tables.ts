import { unreachable } from "../failure.ts";
import { showConditions } from "../runs/conditions.ts";
import type { Verdict } from "../runs/judge.ts";
import type { Run } from "../runs/run.ts";
import { showValue } from "./figures.ts";
import type { Report } from "./report.ts";
import { muted, plain, showInstant, withoutEmpty, type ReportCell, type ReportTable } from "./tables.ts";

function outcomeCell({ outcome, note }: Verdict): ReportCell {
  if (outcome === "kept") return { text: "kept", tone: "good", why: note };
  if (outcome === "broken") return { text: "BROKEN", tone: "bad", why: note };
  return { text: "unknown", tone: "bad", why: note };
}

/** What must hold, and whether it does. */
export function budgetTable({ analysis }: Report): ReportTable {
  return withoutEmpty({
    title: "Budgets",
    head: ["Budget", "Provider", "Settings", "Measured", "Outcome", "Note"],
    rows: analysis.verdicts.map((verdict) => [
      plain(verdict.budget.text),
      plain(verdict.provider),
      plain(verdict.settings.map(({ key, value }) => `${key} ${value}`).join(", ")),
      plain(verdict.value === null ? "–" : showValue(verdict.value, verdict.unit)),
      outcomeCell(verdict),
      plain(verdict.note),
    ]),
  });
}

function runOutcome({ outcome, results }: Run): string {
  switch (outcome.kind) {
    case "failed":
      return `failed: ${outcome.failure.where}`;
    case "cut":
      return `cut: ${outcome.why}`;
    case "measured": {
      const failed = results.flatMap((result) =>
        result.outcome.kind === "failed"
          ? [`${result.provider} failed: ${result.outcome.failure.where}`]
          : [],
      );
      return failed.length === 0 ? "measured" : failed.join("; ");
    }
    default:
      return unreachable(outcome);
  }
}

/** Every attempt, in the order in which they were measured. */
export function runTable({ runs }: Report): ReportTable {
  return withoutEmpty({
    title: "Runs",
    head: [
      "Run",
      "Repeat",
      "Attempt",
      "Began",
      "Streams",
      "Settings",
      "Network",
      "Machine's load",
      "Outcome",
    ],
    rows: runs.map((run) => [
      plain(String(run.number), run.id),
      plain(String(run.repeat)),
      plain(String(run.attempt)),
      plain(showInstant(run.startedAtUs)),
      plain(run.streams.map(({ provider }) => provider).join(", ")),
      plain(run.settings.map(({ key, value }) => `${key} ${value}`).join(", ")),
      plain(showConditions(run.conditions), run.conditions.limits.join("; ")),
      loadCell(run),
      plain(runOutcome(run)),
    ]),
  });
}

function loadCell({ load }: Run): ReportCell {
  const { meanRatio, maxRatio, isSaturated } = load;
  if (!meanRatio.known) return muted("–", meanRatio.why);
  const most = maxRatio.known ? `at most ${(maxRatio.value * 100).toFixed(0)} %` : "";
  const text = `${(meanRatio.value * 100).toFixed(0)} %${isSaturated ? ", saturated" : ""}`;
  return { text, tone: isSaturated ? "bad" : "plain", why: most };
}
