import type { CellAnalysis } from "../runs/analysis.ts";
import { limitsOf } from "../runs/conditions.ts";
import { latencyChart, spreadChart } from "./charts.ts";
import { htmlStyle } from "./html-style.ts";
import { writeJson } from "./json.ts";
import type { Report } from "./report.ts";
import { budgetTable, runTable } from "./run-tables.ts";
import { measureTable, spreadTable } from "./spread-tables.ts";
import { summaryOf } from "./summary.ts";
import {
  cellTitle,
  pairTable,
  reliabilityTable,
  showInstant,
  plain,
  type ReportCell,
  type ReportTable,
} from "./tables.ts";
import { escapeXml } from "./xml.ts";

/** Measures that have a chart, where they were measured. */
const chartedKeys = [
  "latency.p50",
  "latency.p95",
  "join.firstFrame",
  "frameRate.displayed",
  "freeze.ratio",
  "vmaf.mean",
  "bitrate.mean",
  "cost.perViewerHour",
];

function showCell({ text, tone, why }: ReportCell, isHead: boolean): string {
  const name = isHead ? "th scope=row" : "td";
  const title = why === "" ? "" : ` title="${escapeXml(why)}"`;
  const look = tone === "plain" ? "" : ` class="${tone}"`;
  return `<${name}${look}${title}>${escapeXml(text)}</${isHead ? "th" : "td"}>`;
}

function showTable({ head, rows }: ReportTable): string {
  if (rows.length === 0) return '<p class="dim">Nothing was measured.</p>';
  const heads = head.map((name) => `<th scope="col">${escapeXml(name)}</th>`).join("");
  const body = rows.map(
    (cells) => `<tr>${cells.map((cell, index) => showCell(cell, index === 0)).join("")}</tr>`,
  );
  return `<div class="wide" tabindex="0"><table><thead><tr>${heads}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

function section(table: ReportTable): string {
  return `<section><h3>${escapeXml(table.title)}</h3>${showTable(table)}</section>`;
}

function fold(title: string, body: string): string {
  return `<details><summary>${escapeXml(title)}</summary>${body}</details>`;
}

function charts(cell: CellAnalysis, { runs, traces }: Report): string {
  const providers = cell.providers.map(({ provider }) => provider);
  const title = cellTitle(cell);
  const own = new Set(
    runs
      .filter(({ settings }) => settings.map(({ key, value }) => `${key} ${value}`).join(", ") === title)
      .map(({ id }) => id),
  );
  const latency = latencyChart(
    traces.filter(({ runId }) => own.has(runId)),
    providers,
  );
  const spreads = chartedKeys.flatMap((key) => spreadChart(cell, key) ?? []);
  if (latency === null && spreads.length === 0) return "";
  const key = providers.map(
    (provider, index) => `<li class="s${(index % 6) + 1}">${escapeXml(provider)}</li>`,
  );
  return `<section><h3>Charts</h3><p class="dim">A ring is a run, the stroke their median, the bar its 95 % interval.</p><ul class="key">${key.join("")}</ul><div class="charts">${latency ?? ""}${spreads.join("")}</div></section>`;
}

function cellParts(cell: CellAnalysis, report: Report): string {
  const title = cellTitle(cell);
  return [
    title === "" ? "" : `<h2>${escapeXml(title)}</h2>`,
    section(spreadTable(cell)),
    charts(cell, report),
    ...cell.pairs.map((pair) => section(pairTable(pair, "headline"))),
    section(reliabilityTable(cell)),
    fold("All measures", showTable(measureTable(cell))),
    ...cell.pairs.map((pair) =>
      fold(`All differences: ${pair.subject} minus ${pair.baseline}`, showTable(pairTable(pair, "all"))),
    ),
  ].join("\n");
}

function machineTable({ runs }: Report): ReportTable {
  const machines = new Map(runs.map(({ machine }) => [JSON.stringify(machine), machine]));
  return {
    title: "Machines",
    head: ["Host", "System", "Processor", "Cores", "Memory", "Browser", "Node", "Streamgauge"],
    rows: [...machines.values()].map((one) =>
      [
        one.host,
        one.system,
        one.cpu,
        String(one.coreCount),
        `${(one.memoryBytes / 2 ** 30).toFixed(1)} GiB`,
        one.browser,
        one.node,
        one.streamgauge,
      ].map((text) => plain(text)),
    ),
  };
}

const method = `Figures are medians over runs, one value a run; the interval is the bootstrap's (BCa, 2000 draws). Differences
are Hodges and Lehmann's shift with its exact distribution-free 95 % interval; where that holds 0, no one is called better. With
one interval in twenty wrong by chance, look at several measures before you decide. Runs that were cut are in no figure.`;

/** What belongs to no single provider. */
function closing(report: Report): string {
  const { comparison } = report;
  const limits = limitsOf(report.runs).map((limit) => `<li>${escapeXml(limit)}</li>`);
  return [
    fold(`Runs (${report.runs.length})`, showTable(runTable(report))),
    section(machineTable(report)),
    limits.length === 0
      ? ""
      : `<section><h3>Limits of the network conditions</h3><ul>${limits.join("")}</ul></section>`,
    fold("The plan", `<pre>${escapeXml(comparison.planText)}</pre>`),
    `<section><h3>How this was worked out</h3><p>${method}</p></section>`,
  ].join("\n");
}

/** A comparison as one HTML file without anything outside it; all raw data are in the element `report-data`, as JSON. */
export function writeHtml(report: Report): string {
  const { comparison, analysis } = report;
  const name = escapeXml(comparison.name);
  // The only way out of a script element is its end tag.
  const data = writeJson(report).replaceAll("<", String.raw`\u003c`);
  const sentences = summaryOf(report).map((sentence) => `<li>${escapeXml(sentence)}</li>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${name}: Streamgauge</title>
<style>${htmlStyle}</style>
</head>
<body>
<main>
<header><h1>${name}</h1><p class="dim">Comparison ${comparison.id}, begun ${showInstant(comparison.startedAtUs)}, reported ${showInstant(report.madeAtUs)}</p></header>
<section><h3>In short</h3><ul>${sentences.join("")}</ul></section>
${analysis.verdicts.length === 0 ? "" : section(budgetTable(report))}
${analysis.cells.map((cell) => cellParts(cell, report)).join("\n")}
${closing(report)}
</main>
<script type="application/json" id="report-data">${data}</script>
</body>
</html>
`;
}
