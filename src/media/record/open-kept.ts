import { fail, succeed, type Result } from "../../core/failure.ts";
import type { KeptFile } from "./export.protocol.ts";
import type { SegmentSummary } from "./keep.protocol.ts";
import type { Keep } from "./keep.ts";

/** A kept segment with all that is known of it. */
export type OpenedSegment = {
  readonly summary: SegmentSummary;
  /** As it was received: several where frames' codec, pieces' rendition or luma's size changed on the way. */
  readonly files: readonly KeptFile[];
  /** Rows of `observation-row.ts` of the frames that were displayed meanwhile. */
  readonly rows: ArrayBuffer;
};

/** Opens a kept segment by its id, whichever page of this site received it. */
export async function openKeptSegment(keep: Keep, segmentId: string): Promise<Result<OpenedSegment>> {
  const status = await keep.status();
  if (!status.ok) return status;
  const summary = status.value.segments.find((candidate) => candidate.segmentId === segmentId);
  if (summary === undefined) {
    return fail({
      kind: "refused-input",
      what: "opening a kept segment",
      where: segmentId.slice(0, 64),
      next: "It is not on this device, or was deleted: choose another on the receiver's page.",
    });
  }
  const exported = await keep.exportSegment(summary);
  return exported.ok ? succeed({ summary, ...exported.value }) : exported;
}
