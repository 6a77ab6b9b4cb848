/** What of a frame is read here. */
type ReadableFrame = {
  readonly copyTo: (to: Uint8Array<ArrayBuffer>, options: VideoFrameCopyToOptions) => Promise<unknown>;
};

/** BT.709 in limited range (ITU-R BT.709, 4.2 and 4.6), in 1/65536: luma of R, G, B, and both chromas. */
const lumaOf = [11966, 40254, 4064] as const;
const cbOf = [-6596, -22189, 28784] as const;
const crOf = [28784, -26145, -2639] as const;

function weigh([ofRed, ofGreen, ofBlue]: readonly [number, number, number], rgb: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = rgb;
  return (ofRed * red + ofGreen * green + ofBlue * blue + 32_768) >> 16;
}

/**
 * Planes of 4:2:0 (I420), limited-range BT.709, of RGBA pixels; chroma is the mean of each 2x2. Files are written so, since what
 * an encoder makes of a canvas itself is marked as full range, which not every player follows.
 * @param rgba `4 * widthPx * heightPx` bytes; width and height are even
 */
export function toPlanes(rgba: Uint8Array, widthPx: number, heightPx: number): Uint8Array<ArrayBuffer> {
  const lumaBytes = widthPx * heightPx;
  const planes = new Uint8Array(lumaBytes * 1.5);
  const at = (index: number): number => rgba[index] ?? 0;
  for (let pixel = 0; pixel < lumaBytes; pixel++) {
    const from = 4 * pixel;
    planes[pixel] = 16 + weigh(lumaOf, [at(from), at(from + 1), at(from + 2)]);
  }
  const halfPx = widthPx / 2;
  for (let row = 0; row < heightPx / 2; row++) {
    for (let column = 0; column < halfPx; column++) {
      const first = 4 * (2 * row * widthPx + 2 * column);
      const below = first + 4 * widthPx;
      const mean = [0, 1, 2].map(
        (part) =>
          (at(first + part) + at(first + 4 + part) + at(below + part) + at(below + 4 + part) + 2) >> 2,
      );
      const chroma = row * halfPx + column;
      planes[lumaBytes + chroma] = 128 + weigh(cbOf, mean);
      planes[lumaBytes * 1.25 + chroma] = 128 + weigh(crOf, mean);
    }
  }
  return planes;
}

/** Pixels of a frame as RGBA, rows without gaps. */
export async function toRgba(
  frame: ReadableFrame,
  widthPx: number,
  heightPx: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const rgba = new Uint8Array(4 * widthPx * heightPx);
  await frame.copyTo(rgba, { format: "RGBA" });
  return rgba;
}
