import type { Report } from "./report.ts";

/**
 * A comparison as JSON for programs: format and version, then the report as it is: the plan, every run with all its measures and
 * events, the analysis, the verdicts. Numbers that are not known are null.
 */
export function writeJson(report: Report): string {
  return `${JSON.stringify({ format: "streamgauge-report", version: 1, ...report }, null, 1)}\n`;
}
