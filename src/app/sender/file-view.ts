import type { RenderProgress } from "../../media/publish/file/render.ts";
import type { FileJob } from "./file-store.ts";

/** How far a rendering is, in words. */
export function toProgressWords(progress: RenderProgress | null): string {
  if (progress === null) return "Opening the pictures…";
  return `Frame ${progress.doneCount} of ${progress.frameCount}`;
}

/** What a rendered file is, in words. */
export function toFileWords({ facts, runNumber, tookS }: Extract<FileJob, { phase: "done" }>): string {
  const megabytes = (facts.sizeBytes / 1_000_000).toFixed(facts.sizeBytes < 1_000_000 ? 2 : 1);
  const speed = (facts.frameCount / Math.max(0.001, tookS)).toFixed(0);
  return `${facts.frameCount} frames of run ${runNumber}, ${megabytes} MB, ${facts.type}; made in ${tookS.toFixed(1)} s (${speed} frames per second).`;
}
