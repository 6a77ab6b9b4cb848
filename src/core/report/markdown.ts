import { limitsOf } from "../runs/conditions.ts";
import type { Report } from "./report.ts";
import { budgetTable, runTable } from "./run-tables.ts";
import { measureTable, spreadTable } from "./spread-tables.ts";
import { summaryOf } from "./summary.ts";
import {
  cellTitle,
  pairTable,
  reliabilityTable,
  showInstant,
  type ReportCell,
  type ReportTable,
} from "./tables.ts";

/** Text that Markdown and its HTML leave as it is. */
function escape(text: string): string {
  return text
    .replaceAll(/[\\`*_{}[\]|#]/g, String.raw`\$&`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[\r\n]+/g, " ");
}

function showCell({ text, tone }: ReportCell): string {
  const escaped = escape(text);
  return (tone === "good" || tone === "bad") && escaped !== "" ? `**${escaped}**` : escaped;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function showTable({ head, rows }: ReportTable): string {
  if (rows.length === 0) return "Nothing was measured.";
  const rule = head.map((_, index) => (index === 0 ? "---" : "---:"));
  return [row(head.map(escape)), row(rule), ...rows.map((cells) => row(cells.map(showCell)))].join("\n");
}

function fold(title: string, table: ReportTable): string {
  return `<details><summary>${escape(title)}</summary>\n\n${showTable(table)}\n\n</details>`;
}

function limits({ runs }: Report): string {
  const told = limitsOf(runs).map((limit) => `- ${escape(limit)}`);
  return told.length === 0 ? "" : `Limits of the network conditions:\n\n${told.join("\n")}`;
}

/** A comparison as Markdown for a pull request: what it says first, the rest folded away. */
export function writeMarkdown(report: Report): string {
  const { comparison, analysis, runs } = report;
  const cells = analysis.cells.flatMap((cell) => {
    const title = cellTitle(cell);
    return [
      ...(title === "" ? [] : [`### ${escape(title)}`]),
      showTable(spreadTable(cell)),
      ...cell.pairs.map((pair) => fold(`${pair.subject} minus ${pair.baseline}`, pairTable(pair, "all"))),
      fold("All measures", measureTable(cell)),
      fold("Reliability", reliabilityTable(cell)),
    ];
  });
  const budgets = analysis.verdicts.length === 0 ? [] : [showTable(budgetTable(report))];
  const [first] = runs;
  const machine =
    first === undefined
      ? ""
      : `Measured ${showInstant(comparison.startedAtUs)} on ${first.machine.host} (${first.machine.cpu}, ${first.machine.coreCount} cores) with ${first.machine.browser} and Streamgauge ${first.machine.streamgauge}.`;
  return `${[
    `## ${escape(comparison.name)}`,
    summaryOf(report)
      .map((sentence) => `- ${escape(sentence)}`)
      .join("\n"),
    ...budgets,
    ...cells,
    fold(`Runs (${runs.length})`, runTable(report)),
    limits(report),
    escape(machine),
  ]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}
