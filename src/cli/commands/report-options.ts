import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import { readWordsAndArguments, textOf, type OptionSpecs } from "../arguments.ts";
import { readForms, readServer, reportForms, type ReportForm } from "./compare-options.ts";

/** How `streamgauge report` was asked to run. */
export type ReportOptions = {
  /** Id, its first 8 characters or more, or name of a comparison; null: all are listed. */
  readonly wanted: string | null;
  /** Of several comparisons of that name, the newest. */
  readonly isLatest: boolean;
  /** Says which comparisons there are instead of reporting one. */
  readonly isList: boolean;
  /** Origin of a server that has the runs; null: the store of this machine, or DATABASE_URL. */
  readonly server: string | null;
  readonly outDirectory: string;
  readonly forms: readonly ReportForm[];
};

/** The options of `streamgauge report`. */
export const reportOptionSpecs: OptionSpecs = {
  out: { type: "string", value: "DIRECTORY", help: "where reports are written (streamgauge-report)" },
  report: { type: "string", value: "FORMS", help: `forms of report, with commas (${reportForms.join(",")})` },
  latest: { type: "boolean", help: "of several comparisons of one name, the newest" },
  list: { type: "boolean", help: "print one line a comparison: id, when it began, runs stored, name" },
  server: { type: "string", value: "URL", help: "read runs from the server that has them" },
  help: { type: "boolean", help: "show this" },
};

/** Reads what was typed; `null` when help was asked for. */
export function readReportOptions(args: readonly string[]): Result<ReportOptions | null> {
  const typed = readWordsAndArguments("report", reportOptionSpecs, args);
  if (!typed.ok) return typed;
  const { values, words } = typed.value;
  if (values["help"] === true) return succeed(null);
  const isList = values["list"] === true;
  const [wanted = null] = words;
  if (words.length > 1 || (wanted === null && !isList)) return fail(notOne(words));
  const server = readServer(textOf(values, "server"));
  if (!server.ok) return server;
  const forms = readForms(textOf(values, "report"));
  if (!forms.ok) return forms;
  return succeed({
    wanted,
    isLatest: values["latest"] === true,
    isList,
    server: server.value,
    outDirectory: textOf(values, "out") ?? "streamgauge-report",
    forms: forms.value,
  });
}

function notOne(words: readonly string[]): Failure {
  return {
    kind: "refused-input",
    what: "Reading the options",
    where: words.length === 0 ? "no comparison was named" : words.join(" "),
    next: 'Name one comparison, by its id or its name in quotes: streamgauge report "My plan". --list shows those there are.',
  };
}
