import type { RenderProgress } from "../../media/publish/file/render.ts";
import { toBytes } from "../parts/format.ts";
import type { FileJob } from "./file-store.ts";

/** How far a rendering is, in words. */
export function toProgressWords(progress: RenderProgress | null): string {
  if (progress === null) return "Opening the pictures…";
  return `Frame ${progress.doneCount} of ${progress.frameCount}`;
}

/** What a rendered file is, in words. */
export function toFileWords({ facts, runNumber, tookS }: Extract<FileJob, { phase: "done" }>): string {
  const speed = (facts.frameCount / Math.max(0.001, tookS)).toFixed(0);
  return `${facts.frameCount} frames of run ${runNumber}, ${toBytes(facts.sizeBytes)}, ${facts.type}; made in ${tookS.toFixed(1)} s (${speed} frames per second).`;
}
