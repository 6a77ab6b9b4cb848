import { fail, succeed, type Result } from "../../core/failure.ts";
import type { IsNeverShown } from "../../core/quality/marked-frames.ts";
import { endingOf } from "../../core/record/container.ts";
import { findNeverShown } from "../../core/timeline/never-shown.ts";
import { readRows } from "../../core/timeline/observation-row.ts";
import type { KeptFile } from "../../media/record/export.protocol.ts";
import type { SegmentSummary } from "../../media/record/keep.protocol.ts";
import { createKeep, keepingLack } from "../../media/record/keep.ts";

/** A recording of this site that can be scored. */
export type KeptChoice = {
  readonly id: string;
  readonly label: string;
  readonly segment: SegmentSummary;
};

function idOf({ sessionId, segmentId }: SegmentSummary): string {
  return `${sessionId}/${segmentId}`;
}

/** Recordings that are finished, newest first. None where this browser keeps nothing. */
export async function listKept(): Promise<readonly KeptChoice[]> {
  if (keepingLack() !== null) return [];
  const keep = createKeep();
  try {
    const status = await keep.status();
    if (!status.ok) return [];
    return status.value.segments
      .filter(({ state }) => state === "kept")
      .toSorted((one, other) => other.fromUs - one.fromUs)
      .map((segment) => {
        const from = new Date(segment.fromUs / 1000).toLocaleString();
        const lengthS = ((segment.toUs - segment.fromUs) / 1_000_000).toFixed(1);
        return { id: idOf(segment), label: `${segment.label}, ${from}, ${lengthS} s`, segment };
      });
  } finally {
    keep.close();
  }
}

/** A file of a recording: another begins where the codec of WebRTC frames, the rendition of HLS or DASH or the size of raw luma changed. */
export type KeptPart = { readonly label: string; readonly file: File };

/** What a recording holds. */
export type KeptVideo = {
  /** As they were received, in order; one at least. */
  readonly parts: readonly KeptPart[];
  /** Of what was displayed meanwhile; null where nothing was observed. */
  readonly isNeverShown: IsNeverShown | null;
};

/** The files of a recording, and what was displayed of them. */
export async function filesOfKept({ label, segment }: KeptChoice): Promise<Result<KeptVideo>> {
  const keep = createKeep();
  try {
    const exported = await keep.exportSegment(segment);
    if (!exported.ok) return exported;
    const { files, rows } = exported.value;
    if (files.length > 0) {
      const parts = files.map((file, index) => toPart(file, index, segment.fromUs));
      const observations = readRows(new Uint8Array(rows)).map(({ observation }) => observation);
      return succeed({ parts, isNeverShown: findNeverShown(observations) });
    }
    return fail({
      kind: "refused-input",
      what: "reading the recording",
      where: label,
      next: "It holds no picture: choose another.",
    });
  } finally {
    keep.close();
  }
}

function toPart(file: KeptFile, index: number, beganUs: number): KeptPart {
  const { blob, mimeType, itemCount, kind, fromUs, toUs } = file;
  const ending = endingOf(mimeType);
  const [fromS, toS] = [fromUs, toUs].map((us) => Math.max(0, (us - beganUs) / 1e6).toFixed(1));
  const items = kind === "pieces" ? "segments" : "frames";
  return {
    label: `${index + 1}: ${ending.toUpperCase()}, ${itemCount} ${items}, ${fromS} to ${toS} s`,
    file: new File([blob], `recording-${index + 1}.${ending}`, { type: mimeType }),
  };
}
