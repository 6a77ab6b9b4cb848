import type { LumaPlane } from "../../core/marker/sample.kernel.ts";
import { createScaler } from "../../core/quality/scale.ts";

/** How much a difference is enlarged, so that it can be seen. */
export const differenceGain = 4;

function draw(
  canvas: HTMLCanvasElement,
  { widthPx, heightPx }: LumaPlane,
  luma: (index: number) => number,
): void {
  canvas.width = widthPx;
  canvas.height = heightPx;
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = context.createImageData(widthPx, heightPx);
  for (let index = 0; index < widthPx * heightPx; index += 1) {
    const grey = luma(index);
    image.data[index * 4] = grey;
    image.data[index * 4 + 1] = grey;
    image.data[index * 4 + 2] = grey;
    image.data[index * 4 + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** Lines without padding. */
export function packed({ data, widthPx, heightPx, strideBytes }: LumaPlane): Uint8Array {
  if (strideBytes === widthPx) return data.subarray(0, widthPx * heightPx);
  const lines = new Uint8Array(widthPx * heightPx);
  for (let line = 0; line < heightPx; line += 1) {
    const from = line * strideBytes;
    lines.set(data.subarray(from, from + widthPx), line * widthPx);
  }
  return lines;
}

/** A received picture at the size of its reference, as it is scored. */
export function atSizeOf(reference: LumaPlane, received: LumaPlane): LumaPlane {
  const { widthPx, heightPx } = reference;
  if (received.widthPx === widthPx && received.heightPx === heightPx) {
    return { data: packed(received), widthPx, heightPx, strideBytes: widthPx };
  }
  const data = new Uint8Array(widthPx * heightPx);
  createScaler(received, reference).scale(packed(received), data);
  return { data, widthPx, heightPx, strideBytes: widthPx };
}

/** Draws luma as grey; limited range is spread to what a screen shows. */
export function drawLuma(canvas: HTMLCanvasElement, plane: LumaPlane): void {
  const data = packed(plane);
  draw(canvas, plane, (index) => (((data[index] ?? 16) - 16) * 255) / 219);
}

/** Draws how two pictures of one size differ: grey where they are alike, lighter where the received one is, darker where it is. */
export function drawDifference(canvas: HTMLCanvasElement, reference: LumaPlane, received: LumaPlane): void {
  const made = packed(reference);
  const got = packed(received);
  draw(canvas, reference, (index) => 128 + differenceGain * ((got[index] ?? 0) - (made[index] ?? 0)));
}
