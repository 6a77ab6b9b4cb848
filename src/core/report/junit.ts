import { showConditions } from "../runs/conditions.ts";
import type { Verdict } from "../runs/judge.ts";
import type { Run } from "../runs/run.ts";
import { showValue } from "./figures.ts";
import type { Report, UnbegunRun } from "./report.ts";
import { escapeXml } from "./xml.ts";

type Case = {
  readonly suite: string;
  readonly name: string;
  readonly tookS: number;
  /** What there is to say of it, whether it passed or not; empty for nothing. */
  readonly said: string;
  /** Null where it passed. */
  readonly trouble: { readonly kind: "failure" | "error"; readonly words: string } | null;
};

function budgetCase({ budget, provider, settings, outcome, value, unit, note }: Verdict): Case {
  const at = settings.map((setting) => `${setting.key} ${setting.value}`);
  const measured = value === null ? note : `it is ${showValue(value, unit)}${note === "" ? "" : `; ${note}`}`;
  const trouble =
    outcome === "kept"
      ? null
      : { kind: outcome === "broken" ? ("failure" as const) : ("error" as const), words: measured };
  return { suite: "budgets", name: [provider, budget.text, ...at].join(", "), tookS: 0, said: "", trouble };
}

function runCases(run: Run): readonly Case[] {
  const tookS = (run.endedAtUs - run.startedAtUs) / 1e6;
  const said = networkWords(run);
  return run.results.map(({ provider, outcome }) => {
    const name = [`run ${run.number}`, provider, `repeat ${run.repeat}`, `attempt ${run.attempt}`].join(", ");
    return { suite: "runs", name, tookS, said, trouble: troubleOf(outcome) };
  });
}

function unbegunCases({ number, repeat, providers, settings }: UnbegunRun): readonly Case[] {
  const at = settings.map(({ key, value }) => `${key} ${value}`);
  const words = "It was never begun: the comparison was stopped before it, or no browser could be started.";
  return providers.map((provider) => ({
    suite: "runs",
    name: [`run ${number}`, provider, `repeat ${repeat}`, ...at].join(", "),
    tookS: 0,
    said: "",
    trouble: { kind: "error", words },
  }));
}

/** Under which network a run was measured, and what that could not do. */
function networkWords({ conditions }: Run): string {
  if (conditions.by === "none") return "";
  return [`Network: ${showConditions(conditions)}`, ...conditions.limits].join("\n");
}

function troubleOf(outcome: Run["outcome"]): Case["trouble"] {
  if (outcome.kind === "measured") return null;
  if (outcome.kind === "cut") return { kind: "error", words: outcome.why };
  const { what, where, next } = outcome.failure;
  return { kind: "error", words: `${what}: ${where}. ${next}` };
}

function showCase({ suite, name, tookS, said, trouble }: Case): string {
  const head = `    <testcase classname="${suite}" name="${escapeXml(name)}" time="${tookS.toFixed(3)}"`;
  const words = escapeXml(trouble?.words ?? "");
  const parts = [
    trouble === null ? "" : `      <${trouble.kind} message="${words}">${words}</${trouble.kind}>\n`,
    said === "" ? "" : `      <system-out>${escapeXml(said)}</system-out>\n`,
  ].join("");
  return parts === "" ? `${head}/>` : `${head}>\n${parts}    </testcase>`;
}

function counts(cases: readonly Case[]): string {
  const failures = cases.filter(({ trouble }) => trouble?.kind === "failure").length;
  const errors = cases.filter(({ trouble }) => trouble?.kind === "error").length;
  const tookS = cases.reduce((sum, one) => sum + one.tookS, 0);
  return `tests="${cases.length}" failures="${failures}" errors="${errors}" time="${tookS.toFixed(3)}"`;
}

/** An attempt that was tried again with success is no trouble of the comparison's. */
function lastAttempts(runs: readonly Run[]): readonly Run[] {
  return [...new Map(runs.map((run) => [run.number, run])).values()];
}

/**
 * A comparison as JUnit XML, as CI servers read it: a case for each budget (broken: failure, not measured: error) and for
 * each stream of each run, those that were never begun among them.
 */
export function writeJunit(report: Report): string {
  const suites: readonly (readonly [name: string, cases: readonly Case[]])[] = [
    ["budgets", report.analysis.verdicts.map(budgetCase)],
    [
      "runs",
      [...lastAttempts(report.runs).flatMap(runCases), ...(report.notBegun ?? []).flatMap(unbegunCases)],
    ],
  ];
  const all = suites.flatMap(([, cases]) => cases);
  const body = suites.map(
    ([name, cases]) =>
      `  <testsuite name="${name}" ${counts(cases)}>\n${cases.map(showCase).join("\n")}\n  </testsuite>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeXml(report.comparison.name)}" ${counts(all)}>`,
    ...body,
    "</testsuites>",
    "",
  ].join("\n");
}
