import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import { readShard, type Shard } from "../../core/plan/expand.ts";
import { readWordsAndArguments, textOf, type OptionSpecs, type Typed } from "../arguments.ts";

/** Forms in which a comparison is reported. */
export const reportForms = ["html", "md", "junit", "json"] as const;
/** One of them. */
export type ReportForm = (typeof reportForms)[number];

/** What `streamgauge compare` does with the plan. */
export type CompareTask =
  /** Measures it. */
  | { readonly kind: "measure" }
  /** Says what it would measure: for people, or one line a run for a job array. */
  | { readonly kind: "dry-run" }
  | { readonly kind: "list" };

/** How `streamgauge compare` was asked to run. */
export type CompareOptions = {
  readonly planPath: string;
  readonly task: CompareTask;
  readonly shard: Shard;
  /** Numbers of single runs; null: all of the shard. */
  readonly only: readonly number[] | null;
  /** Origin of a server that runs already; null starts one. */
  readonly server: string | null;
  readonly browser: string | null;
  readonly isHeadless: boolean;
  readonly outDirectory: string;
  readonly forms: readonly ReportForm[];
  /** A word that shards of one comparison share; null: this is a comparison of its own. */
  readonly comparison: string | null;
  /** Keep the runs on this machine or in DATABASE_URL. */
  readonly isStored: boolean;
};

/** The options of `streamgauge compare`. */
export const compareOptionSpecs: OptionSpecs = {
  out: { type: "string", value: "DIRECTORY", help: "where reports are written (streamgauge-report)" },
  report: { type: "string", value: "FORMS", help: `forms of report, with commas (${reportForms.join(",")})` },
  shard: { type: "string", value: "I/N", help: "measure the Ith of N parts of the plan (1/1)" },
  only: { type: "string", value: "NUMBERS", help: "measure the runs of these numbers, with commas" },
  comparison: {
    type: "string",
    value: "WORD",
    help: "shards given the same word are one comparison (each is its own)",
  },
  "dry-run": { type: "boolean", help: "say what would be measured, and how long it takes" },
  list: {
    type: "boolean",
    help: "print one line a run, for job arrays: number, repeat, providers, settings",
  },
  server: { type: "string", value: "URL", help: "a Streamgauge server that runs already (one is started)" },
  browser: {
    type: "string",
    value: "NAME",
    help: "chromium, chrome, edge, playwright, or a path (the first that is found)",
  },
  headed: { type: "boolean", help: "show the browser's windows" },
  "no-store": { type: "boolean", help: "keep no runs, only the reports" },
  help: { type: "boolean", help: "show this" },
};

function refused(option: string, typed: string, next: string): Failure {
  return { kind: "refused-input", what: "Reading the options", where: `--${option} ${typed}`, next };
}

/** Reads what was typed; `null` when help was asked for. */
export function readCompareOptions(args: readonly string[]): Result<CompareOptions | null> {
  const typed = readWordsAndArguments("compare", compareOptionSpecs, args);
  if (!typed.ok) return typed;
  const { values, words } = typed.value;
  if (values["help"] === true) return succeed(null);
  const [planPath] = words;
  if (planPath === undefined || words.length > 1) return fail(notOnePlan(words));
  const shardText = textOf(values, "shard") ?? "1/1";
  const shard = readShard(shardText);
  if (shard === null)
    return fail(refused("shard", shardText, "Write it as 2/5: the second of five parts, from 1 on."));
  const only = readNumbers(textOf(values, "only"));
  if (!only.ok) return only;
  const server = readServer(textOf(values, "server"));
  if (!server.ok) return server;
  const forms = readForms(textOf(values, "report"));
  if (!forms.ok) return forms;
  return succeed({
    planPath,
    task: { kind: taskOf(values) },
    shard,
    only: only.value,
    server: server.value,
    browser: textOf(values, "browser"),
    isHeadless: values["headed"] !== true,
    outDirectory: textOf(values, "out") ?? "streamgauge-report",
    forms: forms.value,
    comparison: textOf(values, "comparison"),
    isStored: values["no-store"] !== true,
  });
}

function taskOf(values: Typed): CompareTask["kind"] {
  if (values["list"] === true) return "list";
  return values["dry-run"] === true ? "dry-run" : "measure";
}

function notOnePlan(words: readonly string[]): Failure {
  const where = words.length === 0 ? "no plan was given" : words.join(" ");
  const next = "Give one plan: streamgauge compare plan.yaml.";
  return { kind: "refused-input", what: "Reading the options", where, next };
}

function readNumbers(text: string | null): Result<readonly number[] | null> {
  if (text === null) return succeed(null);
  if (/^\d{1,5}(?:,\d{1,5})*$/.test(text)) return succeed(text.split(",").map(Number));
  return fail(refused("only", text, "Write numbers as --list shows them, such as 3 or 1,4,7."));
}

/** Reads the address of a server: its origin. */
export function readServer(text: string | null): Result<string | null> {
  if (text === null) return succeed(null);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return succeed(url.origin);
  return fail(refused("server", text, "Write it as http://localhost:8080."));
}

function isForm(text: string): text is ReportForm {
  return reportForms.some((form) => form === text);
}

/** Reads forms of report with commas between; all of them where none is named. */
export function readForms(text: string | null): Result<readonly ReportForm[]> {
  const asked = text === null ? reportForms : text.split(",");
  const forms = asked.filter(isForm);
  if (forms.length === asked.length) return succeed(forms);
  return fail(refused("report", text ?? "", `The forms are ${reportForms.join(", ")}.`));
}
