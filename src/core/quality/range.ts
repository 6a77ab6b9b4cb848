import { blackLuma, whiteLuma } from "../scene/planes.ts";
import type { DecodedFrame } from "./frame-source.ts";

type Range = { readonly isFullRange: boolean };

/** For each luma of the other range, that of this one. */
export function createRangeTable(to: "full" | "limited"): Uint8Array {
  const span = whiteLuma - blackLuma;
  return Uint8ClampedArray.from({ length: 256 }, (_, luma) =>
    to === "full" ? ((luma - blackLuma) * 255) / span : blackLuma + (luma * span) / 255,
  ) as unknown as Uint8Array;
}

/** Brings frames from one video's luma range to another's, in place; leaves them alone where both have the same. */
export function createRangeMatch(from: Range, to: Range): (frame: DecodedFrame) => DecodedFrame {
  if (from.isFullRange === to.isFullRange) return (frame) => frame;
  const table = createRangeTable(to.isFullRange ? "full" : "limited");
  return (frame) => ({
    ...frame,
    luma: { ...frame.luma, data: frame.luma.data.map((luma) => table[luma] ?? 0) },
  });
}
