import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { fail, reason, succeed, type Result } from "../../core/failure.ts";
import { writeHtml } from "../../core/report/html.ts";
import { writeJson } from "../../core/report/json.ts";
import { writeJunit } from "../../core/report/junit.ts";
import { writeMarkdown } from "../../core/report/markdown.ts";
import type { Report } from "../../core/report/report.ts";
import type { ReportForm } from "../commands/compare-options.ts";

const writers: Readonly<
  Record<ReportForm, { readonly name: string; readonly write: (report: Report) => string }>
> = {
  html: { name: "report.html", write: writeHtml },
  md: { name: "report.md", write: writeMarkdown },
  junit: { name: "junit.xml", write: writeJunit },
  json: { name: "report.json", write: writeJson },
};

/** Writes the reports, each whole or not at all; resolves with their paths. */
export async function writeReports(
  report: Report,
  directory: string,
  forms: readonly ReportForm[],
): Promise<Result<readonly string[]>> {
  const paths: string[] = [];
  try {
    await mkdir(directory, { recursive: true });
    for (const form of forms) {
      const { name, write } = writers[form];
      const path = join(directory, name);
      await writeFile(`${path}.part`, write(report));
      await rename(`${path}.part`, path);
      paths.push(path);
    }
    return succeed(paths);
  } catch (error) {
    return fail({
      kind: "denied",
      what: "Writing the reports",
      where: directory,
      next: "Make room there, or choose another directory by --out; the runs themselves are kept.",
      cause: reason(error),
    });
  }
}
