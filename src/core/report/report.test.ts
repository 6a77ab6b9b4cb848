import { describe, expect, it } from "vitest";

import { readBudget } from "../plan/budget.ts";
import { analyse } from "../runs/analysis.ts";
import type { Run } from "../runs/run.ts";
import { fakeRun, fakeRuns } from "../runs/runs.fake.ts";
import { showNumber, showValue } from "./figures.ts";
import { writeHtml } from "./html.ts";
import { writeJson } from "./json.ts";
import { writeJunit } from "./junit.ts";
import { writeMarkdown } from "./markdown.ts";
import type { Report } from "./report.ts";

const hostile = `</script><img src=x onerror=alert(1)> & "|" \u0007`;

function reportOf(runs: readonly Run[], budgets: readonly string[] = []): Report {
  const read = budgets.flatMap((text) => {
    const budget = readBudget(text, null);
    return budget.ok ? [budget.budget] : [];
  });
  return {
    comparison: {
      id: "00000000-0000-4000-8000-000000000001",
      name: `Noon ${hostile}`,
      startedAtUs: 1_795_262_400_000_000,
      planText: `name: ${hostile}\n`,
      seed: 1,
      runCount: runs.length,
    },
    control: "direct",
    madeAtUs: 1_795_262_500_000_000,
    plannedCount: runs.length,
    runs,
    analysis: analyse(runs, {
      control: "direct",
      providers: ["direct", "other"],
      budgets: read,
      past: [],
      seed: 1,
    }),
    traces: [
      {
        runId: runs[0]?.id ?? "",
        provider: "direct",
        points: [
          { atS: 0, leastMs: 40, medianMs: 50, mostMs: 60 },
          { atS: 1, leastMs: 41, medianMs: 51, mostMs: 90 },
        ],
      },
    ],
  };
}

const runs = [
  ...fakeRuns("direct", "latency.p50", [50, 52, 49, 51], 1),
  ...fakeRuns("other", "latency.p50", [151, 149, 152, 150], 11),
];

describe("an HTML report", () => {
  const html = writeHtml(reportOf(runs, ["latency.p50 < 100 ms"]));

  it("needs nothing from outside itself", () => {
    expect(html).not.toMatch(/<\w+[^>]*\b(?:src|href)=|@import|url\(/);
    expect(html).toContain("default-src 'none'");
  });

  it("takes nothing that a plan says for its own markup", () => {
    expect(html).not.toContain("<img");
    expect(html.match(/<\/script>/g)).toHaveLength(1);
  });

  it("holds all raw data as JSON", () => {
    const data = /<script type="application\/json" id="report-data">(?<json>.*)<\/script>/s.exec(html)
      ?.groups?.["json"];
    const read = JSON.parse(data ?? "") as { readonly format: string; readonly runs: readonly unknown[] };
    expect(read).toMatchObject({ format: "streamgauge-report", version: 1 });
    expect(read.runs).toHaveLength(8);
  });

  it("says who is better, draws it, and shows the plan", () => {
    expect(html).toContain("direct is better than other in latency, median by 100.0 ms.");
    expect(html.match(/<svg /g)).toHaveLength(2);
    expect(html).toContain("<pre>name: &lt;/script&gt;");
  });

  it("stands although nothing could be measured", () => {
    expect(writeHtml(reportOf([]))).toContain("Nothing was measured");
  });
});

describe("a Markdown report", () => {
  it("breaks no table, whatever names hold", () => {
    const text = writeMarkdown(reportOf(runs));
    expect(text).toContain(String.raw`"\|"`);
    expect(text).not.toContain("<img");
    const widths = text
      .split("\n")
      .filter((line) => line.startsWith("| Latency, median"))
      .map((line) => line.split(" | ").length);
    expect(new Set(widths).size).toBeLessThanOrEqual(3);
  });
});

it("95th percentile and range of each measure can be read without pointing at anything", () => {
  const report = reportOf(runs);
  const row = ["Latency, median, ms", "direct", "4", "50.5", "49.0 to 52.0", "51.9", "49.0", "52.0", "±2.0"];
  expect(writeMarkdown(report)).toContain(`| ${row.join(" | ")} |`);
  expect(writeHtml(report)).toMatch(/<td>51\.9<\/td><td>49\.0<\/td><td>52\.0<\/td>/);
});

describe("a JUnit report", () => {
  const failure = { kind: "timed-out", what: "Joining", where: hostile, next: "Look." } as const;
  const failed = fakeRun({ number: 30, provider: "other", values: {}, outcome: { kind: "failed", failure } });
  const again = fakeRun({ number: 30, provider: "other", values: { "latency.p50": 150 } });

  it("counts broken budgets as failures and what was not measured as errors", () => {
    const xml = writeJunit(reportOf([...runs, failed], ["latency.p50 < 100 ms", "vmaf.mean > 80"]));
    expect(xml).toMatch(/<testsuite name="budgets" tests="4" failures="1" errors="2"/);
    expect(xml).toMatch(/<testsuite name="runs" tests="9" failures="0" errors="1"/);
    expect(xml).not.toContain("<img");
    expect(xml).not.toContain("\u0007");
  });

  it("says under which network a run was measured, and what that could not do", () => {
    const asked = { name: "bad", delayMs: 50, jitterMs: 5, lossRatio: null, rateKbps: null };
    const made = { ...asked, jitterMs: null };
    const limits = ["no jitter: the browser cannot vary the delay"];
    const shaped = runs.map((run): Run => ({ ...run, conditions: { asked, made, by: "browser", limits } }));
    const words = "delay 50 ms, by the browser; not made: jitter 5 ms";
    const report = reportOf(shaped);
    expect(writeJunit(report)).toContain(`<system-out>Network: ${words}\n${limits.join("")}</system-out>`);
    for (const text of [writeMarkdown(report), writeHtml(report)]) {
      expect(text).toContain(words);
      expect(text).toContain(limits[0]);
    }
  });

  it("tells runs that were never begun", () => {
    const unbegun = { number: 31, repeat: 2, settings: [], providers: ["direct", "other"] };
    const xml = writeJunit({ ...reportOf(runs), notBegun: [unbegun] });
    expect(xml).toMatch(/<testsuite name="runs" tests="10" failures="0" errors="2"/);
    expect(xml).toContain('name="run 31, other, repeat 2"');
    expect(xml).toContain("It was never begun");
  });

  it("forgives an attempt that was tried again with success", () => {
    expect(writeJunit(reportOf([...runs, failed, again]))).toContain(
      '<testsuite name="runs" tests="9" failures="0" errors="0"',
    );
  });
});

it("a JSON report has no number where none is known", () => {
  const report = reportOf([fakeRun({ number: 1, provider: "direct", values: { "latency.p50": null } })]);
  const read = JSON.parse(writeJson(report)) as Report;
  expect(read.analysis.cells[0]?.providers[0]?.spreads[0]).toMatchObject({
    median: null,
    why: "it was not told",
  });
});

describe("numbers", () => {
  it.each([
    [0.0123, "ratio", "1.23 %"],
    [-0.00001, "ratio", "0.00 %"],
    [41.26, "ms", "41.3 ms"],
    [3, "count", "3.0"],
    [0.02548, "EUR/h", "0.0255 EUR/h"],
  ])("%d in %s are shown as %s", (value, unit, text) => {
    expect(showValue(value, unit)).toBe(text);
  });

  it("have one number of digits per unit", () => {
    expect(showNumber(100, "ms")).toBe("100.0");
  });
});
