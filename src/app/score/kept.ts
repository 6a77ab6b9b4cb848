import { fail, succeed, type Result } from "../../core/failure.ts";
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

/** The longest file of a recording, as it was received. */
export async function fileOfKept({ label, segment }: KeptChoice): Promise<Result<File>> {
  const keep = createKeep();
  try {
    const exported = await keep.exportSegment(segment);
    if (!exported.ok) return exported;
    const [longest] = exported.value.files.toSorted((one, other) => other.itemCount - one.itemCount);
    if (longest === undefined) {
      return fail({
        kind: "refused-input",
        what: "reading the recording",
        where: label,
        next: "It holds no picture: choose another.",
      });
    }
    const ending = { "video/mp4": "mp4", "video/webm": "webm" }[longest.mimeType as string] ?? "y4m";
    return succeed(new File([longest.blob], `recording.${ending}`, { type: longest.mimeType }));
  } finally {
    keep.close();
  }
}
