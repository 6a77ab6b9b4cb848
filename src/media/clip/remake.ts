import type { ClipFacts } from "../../core/clip/clip.ts";
import { fail, type Failure, type Result } from "../../core/failure.ts";
import type { PictureSize } from "../../core/marker/layout.ts";
import type { Marker } from "../../core/marker/payload.ts";
import { createCaller, type Caller } from "../workers/call.ts";
import type { ClipJobs } from "./clip.protocol.ts";

/** A sent file opened to make the sender's frames again. Whoever made it closes it. */
export type ClipRemake = {
  /** Luma of frames with their markers, and what it cost, ms; one call after the other. */
  readonly luma: (markers: readonly Marker[]) => Promise<Result<ClipJobs["luma"]["answer"]>>;
  readonly close: () => void;
};

/** What frames are made again of. */
export type RemakeOf = PictureSize & {
  readonly file: File;
  readonly clip: ClipFacts;
  /** Of the sender. */
  readonly fps: number;
};

/** Starts a worker that decodes files picture by picture. Whoever made the caller closes it. */
export function startClip(): Caller<ClipJobs> {
  return createCaller<ClipJobs>({
    start: () => new Worker(new URL("./clip.worker.ts", import.meta.url), { type: "module" }),
    what: "decoding the video file",
  });
}

/** Makes frames of a sent file again in a worker, which starts with the first of them. The file's hash is the caller's to check. */
export function createClipRemake({ file, clip, fps, widthPx, heightPx }: RemakeOf): ClipRemake {
  const caller = startClip();
  const { startUs, lengthUs } = clip;
  const plan = { fps, widthPx, heightPx, times: { startUs, lengthUs } };
  let isOpen = false;
  let isClosed = false;
  return {
    luma: async (markers) => {
      if (!isOpen) {
        const opened = await caller.call("open", { file });
        if (!opened.ok) return opened;
        isOpen = true;
      }
      if (isClosed) return fail(closed(file.name));
      const made = await caller.call("luma", { plan, markers });
      // A worker that broke down is followed by another, which has to open the file anew.
      if (!made.ok) isOpen = false;
      return made;
    },
    close: () => {
      isClosed = true;
      caller.close();
    },
  };
}

function closed(where: string): Failure {
  return {
    kind: "ended-early",
    what: "making frames of the file again",
    where,
    next: "The stream they were for has ended.",
  };
}
