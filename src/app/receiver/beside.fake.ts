import { succeed } from "../../core/failure.ts";
import type { CreateBeside } from "./beside.ts";

/** Nothing goes on beside: nothing is kept, no frame is scored. */
export const nothingBeside: CreateBeside = () => ({
  keep: null,
  tap: null,
  see: () => undefined,
  takeLuma: () => undefined,
  setFacts: () => undefined,
  giveFile: async () => succeed(null),
  quality: () => ({ state: "none", why: "nothing is scored" }),
  qualityHistory: () => ({ vmaf: [], vmafNeg: [], psnrYDb: [], ssim: [] }),
  scoredFrames: () => [],
  reset: () => undefined,
  halt: () => undefined,
  close: () => undefined,
});
