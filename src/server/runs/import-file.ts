import { randomUUID } from "node:crypto";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

import { fail, reason, succeed, unreachable, type Failure, type Result } from "../../core/failure.ts";
import { isPlainLine } from "../../core/plain-text.ts";
import { toColumns } from "../../core/runs/observation-columns.ts";
import { maxLineLength, readJournalLine, type RunFileLine } from "../../core/runs/read-journal.ts";
import { rowBytes } from "../../core/timeline/observation-row.ts";
import { maxRunFileBytes } from "../../core/wire/runs.ts";
import { isDiskFull } from "../store/database-failure.ts";
import { halfEnding } from "../store/left.ts";
import { journalHead } from "../store/owner.ts";

/** Bytes of an unpacked run file, at most: what unpacks to more is a trap. */
const maxUnpackedBytes = 16 * maxRunFileBytes;

const what = "Importing a run file";

function refused(where: string, next: string): { readonly ok: false; readonly failure: Failure } {
  return fail({ kind: "refused-input", what, where, next });
}

/**
 * Takes a run file, gzipped or not, as a journal: checked line by line, on disk whole before it counts, and taken up like
 * any other. Answers the ids of its runs.
 */
export async function importRunFile(
  body: Readable,
  journalDirectory: string,
): Promise<Result<readonly string[]>> {
  const name = `import-${randomUUID()}`;
  const half = join(journalDirectory, `${name}${halfEnding}`);
  let file: FileHandle | null = null;
  try {
    file = await open(half, "wx", 0o600);
    const copied = await copyLines(body, file);
    await file.close();
    file = null;
    if (copied.ok) await rename(half, join(journalDirectory, `${name}.jsonl`));
    return copied;
  } catch (error) {
    return fail(failureOf(error, journalDirectory));
  } finally {
    await file?.close();
    await rm(half, { force: true });
  }
}

function failureOf(error: unknown, where: string): Failure {
  const cause = reason(error);
  const isPacked = (error as NodeJS.ErrnoException).code?.startsWith("Z_") === true;
  if (isPacked)
    return {
      kind: "refused-input",
      what,
      where: "the file",
      next: "It is not whole: export it again.",
      cause,
    };
  const next = isDiskFull(error)
    ? "The disk is full: free some space, then import it again."
    : "It did not arrive whole, or could not be written: try again.";
  return { kind: "ended-early", what, where, next, cause };
}

/** What has been seen of a file while it is copied. */
type Seen = { readonly comparisonIds: Set<string>; readonly runIds: Set<string> };

async function copyLines(body: Readable, file: FileHandle): Promise<Result<readonly string[]>> {
  const seen: Seen = { comparisonIds: new Set(), runIds: new Set() };
  const lines = linesOf(await unpacked(body));
  let lineNumber = 0;
  await file.appendFile(`${JSON.stringify(journalHead(Date.now() * 1000))}\n`);
  for await (const text of lines) {
    lineNumber += 1;
    if (text === tooMuch)
      return refused(
        `line ${lineNumber}`,
        `It is larger than this server takes: ${maxRunFileBytes} bytes as sent.`,
      );
    if (text.trim() === "") continue;
    const read = readJournalLine(text);
    const why = read.ok ? (complaintAboutNames(read.line) ?? complaintAbout(read.line, seen)) : read.why;
    if (why !== null)
      return refused(`line ${lineNumber}`, `It is no run file of this instrument, or was changed: ${why}.`);
    if (read.ok && read.line.kind !== "journal" && read.line.kind !== "closed")
      await file.appendFile(`${text}\n`);
  }
  if (seen.runIds.size === 0)
    return refused("the file", "There is no run in it. Export one from the Runs tab.");
  await file.appendFile(`${JSON.stringify({ kind: "closed", atUs: Date.now() * 1000 })}\n`);
  await file.datasync();
  return succeed([...seen.runIds]);
}

/** What is wrong with a line in its place; null when nothing is. */
function complaintAbout(line: RunFileLine, seen: Seen): string | null {
  switch (line.kind) {
    case "journal":
    case "closed":
      return null;
    case "comparison":
      seen.comparisonIds.add(line.comparison.id);
      return null;
    case "begin":
      if (!seen.comparisonIds.has(line.run.comparisonId)) return "a run stands before its comparison";
      seen.runIds.add(line.run.id);
      return null;
    case "observations":
      return seen.runIds.has(line.runId)
        ? complaintAboutRows(line.rows)
        : "observations stand before their run";
    case "snapshot":
    case "end":
    case "remarks":
      return seen.runIds.has(line.runId) ? null : `a line of kind ${line.kind} stands before its run`;
    default:
      return unreachable(line);
  }
}

/** Names that are shown in lists, in metrics and on terminals, where control characters do harm. */
function namesIn(line: RunFileLine): readonly string[] {
  switch (line.kind) {
    case "comparison":
      return [line.comparison.name];
    case "begin":
      return [
        ...line.run.streams.map(({ provider }) => provider),
        ...line.run.settings.flatMap(({ key, value }) => [key, value]),
        line.run.conditions.asked.name,
      ];
    case "end":
      return line.end.results.map(({ provider }) => provider);
    case "journal":
    case "closed":
    case "observations":
    case "snapshot":
    case "remarks":
      return [];
    default:
      return unreachable(line);
  }
}

function complaintAboutNames(line: RunFileLine): string | null {
  const bad = namesIn(line).find((each) => !isPlainLine(each));
  return bad === undefined ? null : `the name ${JSON.stringify(bad)} has control characters`;
}

function complaintAboutRows(rows: string): string | null {
  const bytes = Buffer.from(rows, "base64");
  if (bytes.length % rowBytes !== 0) return `observations are not rows of ${rowBytes} bytes`;
  try {
    toColumns(bytes, 0);
    return null;
  } catch (error) {
    return reason(error);
  }
}

/** The body as it was before it was packed (RFC 1952); told by its first bytes, whatever its name and type say. */
async function unpacked(body: Readable): Promise<AsyncIterable<Buffer>> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await chunks.next();
  const isGzip = first.done !== true && first.value[0] === 0x1f && first.value[1] === 0x8b;
  const whole = bounded(first, chunks);
  if (!isGzip) return whole;
  const gunzip = createGunzip();
  const feed = async (): Promise<void> => {
    for await (const chunk of whole) {
      if (!gunzip.write(chunk)) await new Promise((resolve) => gunzip.once("drain", resolve));
    }
    gunzip.end();
  };
  feed().catch((error: unknown) => gunzip.destroy(new Error(reason(error))));
  return gunzip;
}

async function* bounded(first: IteratorResult<Buffer>, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  let byteCount = 0;
  for (let chunk = first; chunk.done !== true; chunk = await rest.next()) {
    byteCount += chunk.value.length;
    if (byteCount > maxRunFileBytes) throw new Error(`more than ${maxRunFileBytes} bytes`);
    yield chunk.value;
  }
}

/** Stands for a line that is not read further. */
const tooMuch = Symbol("too much");

async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string | typeof tooMuch> {
  const decoder = new TextDecoder();
  let rest = "";
  let byteCount = 0;
  for await (const chunk of chunks) {
    byteCount += chunk.length;
    const texts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = texts.pop() ?? "";
    yield* texts;
    if (byteCount > maxUnpackedBytes || rest.length > maxLineLength) {
      yield tooMuch;
      return;
    }
  }
  rest += decoder.decode();
  if (rest !== "") yield rest;
}
