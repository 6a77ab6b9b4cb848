import { open, stat, type FileHandle } from "node:fs/promises";
import { hostname } from "node:os";

import { maxLineLength, readJournalLine, type RunFileLine } from "../../core/runs/read-journal.ts";
import { isAlive } from "./owner.ts";

/** Bytes read at once; a longer line makes it more. */
const pieceBytes = 4 * 1024 * 1024;
/** A journal of another machine, on a disk that both see, has lost its writer when nothing came for so long, ms. */
const silentMs = 10 * 60_000;

/** Lines of a journal from some offset on. */
export type JournalPiece = {
  readonly lines: readonly RunFileLine[];
  /** What was wrong with lines that are left out. */
  readonly complaints: readonly string[];
  /** Where the next piece begins. */
  readonly nextOffset: number;
  /** Whether nothing but perhaps a torn line follows. */
  readonly isEnd: boolean;
};

/** Reads whole lines from an offset on, some megabytes of them at most. */
export async function readJournalPiece(path: string, offset: number): Promise<JournalPiece> {
  const file = await open(path, "r");
  try {
    const bytes = await readLines(file, offset);
    const lines: RunFileLine[] = [];
    const complaints: string[] = [];
    for (const text of bytes.toString("utf8").split("\n")) {
      if (text.trim() === "") continue;
      const read = readJournalLine(text);
      if (read.ok) lines.push(read.line);
      else complaints.push(read.why);
    }
    const nextOffset = offset + bytes.length;
    const { size } = await file.stat();
    return { lines, complaints, nextOffset, isEnd: bytes.length === 0 || nextOffset === size };
  } finally {
    await file.close();
  }
}

/** Bytes up to and with the last line feed that was read; none where only a torn line is left. */
async function readLines(file: FileHandle, offset: number): Promise<Buffer> {
  for (let wantedBytes = pieceBytes; ; wantedBytes *= 4) {
    const buffer = Buffer.allocUnsafe(wantedBytes);
    const { bytesRead } = await file.read(buffer, 0, wantedBytes, offset);
    const lastFeed = buffer.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (lastFeed >= 0) return buffer.subarray(0, lastFeed + 1);
    if (bytesRead < wantedBytes || wantedBytes > maxLineLength) return buffer.subarray(0, 0);
  }
}

/** Who writes a journal, from its first line. */
export type Writer = Pick<Extract<RunFileLine, { readonly kind: "journal" }>, "pid" | "host" | "began">;

/** Whether the process that wrote a journal is gone, so that nothing more comes. */
export async function isWriterGone(path: string, writer: Writer | null): Promise<boolean> {
  if (writer !== null && writer.host === hostname())
    return !isAlive({ pid: writer.pid, began: writer.began ?? "" });
  const { mtimeMs } = await stat(path);
  return Date.now() - mtimeMs > silentMs;
}
