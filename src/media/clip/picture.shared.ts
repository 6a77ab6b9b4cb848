import type { ClipPicture } from "../../core/clip/paint.ts";
import type { LumaPlane } from "../../core/marker/sample.kernel.ts";
import { toPlanes } from "../publish/file/planar.shared.ts";

/** A decoded picture with what is to be said of its colours. */
export type ReadPicture = {
  readonly picture: ClipPicture;
  /** Of its planes once they are in limited range. */
  readonly colorSpace: VideoColorSpaceInit;
};

type Shape = Pick<ClipPicture, "rotationDegrees" | "shown">;

/** Formats with planes of 8 bit; others are brought to them by way of RGB. */
const planarFormats: ReadonlySet<string> = new Set(["I420", "I420A", "I422", "I422A", "I444", "I444A"]);

function every2(data: Uint8Array, first: number): Uint8Array {
  const samples = new Uint8Array(Math.ceil((data.length - first) / 2));
  for (let at = 0; at < samples.length; at += 1) samples[at] = data[first + 2 * at] ?? 0;
  return samples;
}

type Half = { readonly widthPx: number; readonly heightPx: number };

function chromaOf(
  frame: VideoFrame,
  bytes: Uint8Array,
  layout: readonly PlaneLayout[],
  size: Half,
): readonly LumaPlane[] {
  if (frame.format === "NV12") {
    const both = bytes.subarray(layout[1]?.offset ?? 0);
    const strideBytes = (layout[1]?.stride ?? 0) / 2;
    const { widthPx, heightPx } = size;
    return [0, 1].map((first) => ({ data: every2(both, first), widthPx, heightPx, strideBytes }));
  }
  return [1, 2].map((place) => {
    const { offset = 0, stride = 0 } = layout[place] ?? {};
    const { widthPx, heightPx } = size;
    return { data: bytes.subarray(offset), widthPx, heightPx, strideBytes: stride };
  });
}

async function readPlanes(frame: VideoFrame, shape: Shape): Promise<ReadPicture> {
  const { width, height } = frame.visibleRect ?? { width: frame.codedWidth, height: frame.codedHeight };
  const bytes = new Uint8Array(frame.allocationSize());
  const layout = await frame.copyTo(bytes);
  const format = frame.format ?? "";
  const half = {
    widthPx: format.startsWith("I444") ? width : Math.ceil(width / 2),
    heightPx: format.startsWith("I42") && !format.startsWith("I420") ? height : Math.ceil(height / 2),
  };
  const size = format.startsWith("I444") ? { widthPx: width, heightPx: height } : half;
  const [u, v] = chromaOf(frame, bytes, layout, size);
  const [first] = layout;
  if (first === undefined || u === undefined || v === undefined)
    throw new Error("the browser copied no plane");
  const luma = {
    data: bytes.subarray(first.offset),
    widthPx: width,
    heightPx: height,
    strideBytes: first.stride,
  };
  const { colorSpace } = frame;
  const picture = { luma, u, v, isFullRange: colorSpace.fullRange === true, ...shape };
  return { picture, colorSpace: { ...colorSpace.toJSON(), fullRange: false } };
}

async function readByRgb(frame: VideoFrame, shape: Shape): Promise<ReadPicture> {
  const { x, y, width, height } = frame.visibleRect ?? {
    x: 0,
    y: 0,
    width: frame.codedWidth,
    height: frame.codedHeight,
  };
  const [widthPx, heightPx] = [width - (width % 2), height - (height % 2)];
  const rgba = new Uint8Array(4 * widthPx * heightPx);
  await frame.copyTo(rgba, { format: "RGBA", rect: { x, y, width: widthPx, height: heightPx } });
  const planes = toPlanes(rgba, widthPx, heightPx);
  const lumaBytes = widthPx * heightPx;
  const half = { widthPx: widthPx / 2, heightPx: heightPx / 2, strideBytes: widthPx / 2 };
  const picture = {
    luma: { data: planes.subarray(0, lumaBytes), widthPx, heightPx, strideBytes: widthPx },
    u: { data: planes.subarray(lumaBytes, lumaBytes * 1.25), ...half },
    v: { data: planes.subarray(lumaBytes * 1.25), ...half },
    isFullRange: false,
    ...shape,
  };
  const colorSpace = { primaries: "bt709", transfer: "bt709", matrix: "bt709", fullRange: false } as const;
  return { picture, colorSpace };
}

/**
 * A decoded frame as planes of 8 bit: as they were coded, which every decoder gives alike, or by way of RGB where the browser hands
 * out others, which browsers do a little differently.
 */
export async function readPicture(frame: VideoFrame, shape: Shape): Promise<ReadPicture> {
  const isPlanar = planarFormats.has(frame.format ?? "") || frame.format === "NV12";
  return isPlanar ? readPlanes(frame, shape) : readByRgb(frame, shape);
}
