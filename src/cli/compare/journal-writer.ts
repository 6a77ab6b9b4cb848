import { randomBytes } from "node:crypto";
import { mkdir, open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";
import { stringifyStorable } from "../../core/plain-text.ts";
import type { JournalLine } from "../../core/runs/journal.ts";
import { systemClock } from "../../server/clock.ts";
import { journalHead } from "../../server/store/owner.ts";

/** A journal being written; see core/runs/README.md. Whoever opened it closes it. */
export type JournalWriter = {
  readonly path: string;
  /** Takes a line. Returns at once; on disk within a second, or kept until the disk takes it. */
  readonly append: (line: JournalLine) => void;
  /** Resolves when all lines are on disk, or with why they are not. */
  readonly flush: () => Promise<Failure | null>;
  /** Ends the journal and its file. */
  readonly close: () => Promise<Failure | null>;
};

/** Longest that a line waits for the disk, ms. A kill loses what waits: 2 s are promised. */
const flushEveryMs = 1000;

/** The file, and where what is safe on it ends. */
type Sheet = { readonly file: FileHandle; readonly path: string; endBytes: number };

/**
 * Opens a new journal in a directory, which is made if it is not there.
 * @param onFailure told when the disk stops taking lines; they are kept, and tried again every second
 */
export async function openJournal(
  directory: string,
  comparisonId: string,
  onFailure: (failure: Failure) => void,
): Promise<Result<JournalWriter>> {
  const path = join(directory, `${comparisonId}.${process.pid}-${randomBytes(4).toString("hex")}.jsonl`);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const file = await open(path, "wx", 0o600);
    const writer = writeTo({ file, path, endBytes: 0 }, onFailure);
    writer.append(journalHead(systemClock.epochUs()));
    const failure = await writer.flush();
    return failure === null ? succeed(writer) : fail(failure);
  } catch (error) {
    return fail(notWritten(path, error));
  }
}

function writeTo(sheet: Sheet, onFailure: (failure: Failure) => void): JournalWriter {
  let isTold = false;
  let waiting: string[] = [];
  let under: Promise<Failure | null> = Promise.resolve(null);
  const writeWaiting = async (): Promise<Failure | null> => {
    if (waiting.length === 0) return null;
    const lines = waiting;
    waiting = [];
    const failure = await write(sheet, lines.join(""));
    if (failure !== null) {
      waiting = [...lines, ...waiting];
      if (!isTold) onFailure(failure);
    }
    isTold = failure !== null;
    return failure;
  };
  const flush = (): Promise<Failure | null> => {
    under = under.then(writeWaiting);
    return under;
  };
  const timer = setInterval(() => void flush(), flushEveryMs);
  timer.unref();
  const append = (line: JournalLine): void => {
    waiting.push(`${stringifyStorable(line)}\n`);
  };
  return {
    path: sheet.path,
    append,
    flush,
    close: async () => {
      clearInterval(timer);
      append({ kind: "closed", atUs: systemClock.epochUs() });
      const failure = await flush();
      await sheet.file.close();
      return failure;
    },
  };
}

/** Adds whole lines at the end; where the disk takes only a part, that part is taken back, so that no line is torn. */
async function write(sheet: Sheet, text: string): Promise<Failure | null> {
  const bytes = Buffer.from(text);
  try {
    let written = 0;
    while (written < bytes.length) {
      const rest = bytes.length - written;
      const { bytesWritten } = await sheet.file.write(bytes, written, rest, sheet.endBytes + written);
      written += bytesWritten;
    }
    await sheet.file.datasync();
    sheet.endBytes += bytes.length;
    return null;
  } catch (error) {
    await sheet.file.truncate(sheet.endBytes).catch(() => undefined);
    return notWritten(sheet.path, error);
  }
}

function notWritten(path: string, error: unknown): Failure {
  const isFull =
    error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
  return {
    kind: "denied",
    what: "Keeping what is measured",
    where: path,
    next: isFull
      ? "The disk is full. Make room: what is measured is held in memory and written as soon as there is some."
      : "Make that directory writable, or set STREAMGAUGE_DATA to one that is.",
    cause: reason(error),
  };
}
