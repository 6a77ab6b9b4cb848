import type { PictureRect, PictureSize } from "../../core/marker/layout.ts";
import type { LumaPlane } from "../../core/marker/sample.kernel.ts";
import { lumaOfPixels } from "../../core/marker/scale.kernel.ts";

/** Takes luma out of video frames, one at a time; keeps its buffers from frame to frame. */
export type LumaTaker = {
  /**
   * Luma of a part of the frame's visible rectangle, unrotated; valid until asked again. The frame stays the caller's to close.
   * Rejects where the browser gives no pixels (a protected stream, a lost graphics process).
   */
  readonly take: (frame: VideoFrame, part: PictureRect) => Promise<LumaPlane>;
};

/** Formats whose first plane is 8 bit luma. */
const planarFormats: ReadonlySet<string> = new Set(["I420", "I420A", "I422", "I444", "NV12"]);

/** Places of red, green and blue in a pixel. */
const pixelOrders: Readonly<Record<string, readonly [number, number, number]>> = {
  RGBA: [0, 1, 2],
  RGBX: [0, 1, 2],
  BGRA: [2, 1, 0],
  BGRX: [2, 1, 0],
};

/** The visible size of a frame, before rotation. */
export function visibleSizeOf(frame: VideoFrame): PictureSize {
  const rect = frame.visibleRect;
  return rect === null
    ? { widthPx: frame.codedWidth, heightPx: frame.codedHeight }
    : { widthPx: rect.width, heightPx: rect.height };
}

/** Degrees clockwise by which a frame is turned when it is shown; browsers without the attribute turn none. */
function rotationOf(frame: VideoFrame): number {
  return (frame as { readonly rotation?: number }).rotation ?? 0;
}

/** The part in coded pixels. */
function codedRect(frame: VideoFrame, part: PictureRect): DOMRectInit {
  const left = frame.visibleRect?.x ?? 0;
  const top = frame.visibleRect?.y ?? 0;
  return { x: left + part.xPx, y: top + part.yPx, width: part.widthPx, height: part.heightPx };
}

/** Makes a luma taker. It owns no frame and needs no closing. */
export function createLumaTaker(): LumaTaker {
  let buffer = new Uint8Array(0);
  let canvas: OffscreenCanvasRenderingContext2D | null = null;

  async function copy(frame: VideoFrame, rect: DOMRectInit): Promise<PlaneLayout> {
    const lengthBytes = frame.allocationSize({ rect });
    if (buffer.byteLength < lengthBytes) buffer = new Uint8Array(lengthBytes);
    const [first] = await frame.copyTo(buffer, { rect });
    if (first === undefined) throw new Error("the browser copied no plane");
    return first;
  }

  async function takeCopied(frame: VideoFrame, part: PictureRect): Promise<LumaPlane | null> {
    const format = frame.format ?? "";
    const order = pixelOrders[format];
    if (order === undefined && !planarFormats.has(format)) return null;
    const layout = await copy(frame, codedRect(frame, part));
    const { widthPx, heightPx } = part;
    if (order === undefined) {
      return { data: buffer.subarray(layout.offset), widthPx, heightPx, strideBytes: layout.stride };
    }
    const pixels = buffer.subarray(layout.offset);
    const widthBytesPx = layout.stride / 4;
    const data = lumaOfPixels(pixels, widthBytesPx * heightPx, ...order);
    return { data, widthPx, heightPx, strideBytes: widthBytesPx };
  }

  /** For frames that live on the graphics card or have more than 8 bits: drawn, then read back. */
  function takeDrawn(frame: VideoFrame, part: PictureRect): LumaPlane {
    const { xPx, yPx, widthPx, heightPx } = part;
    canvas ??= new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    if (canvas === null) throw new Error("the browser gives no 2d canvas");
    if (canvas.canvas.width < widthPx) canvas.canvas.width = widthPx;
    if (canvas.canvas.height < heightPx) canvas.canvas.height = heightPx;
    const size = visibleSizeOf(frame);
    const quarterTurns = rotationOf(frame) / 90;
    const [drawnWidthPx, drawnHeightPx] =
      quarterTurns % 2 === 0 ? [size.widthPx, size.heightPx] : [size.heightPx, size.widthPx];
    canvas.setTransform(1, 0, 0, 1, size.widthPx / 2 - xPx, size.heightPx / 2 - yPx);
    canvas.rotate((-quarterTurns * Math.PI) / 2);
    canvas.drawImage(frame, -drawnWidthPx / 2, -drawnHeightPx / 2, drawnWidthPx, drawnHeightPx);
    const pixels = canvas.getImageData(0, 0, widthPx, heightPx).data;
    const data = lumaOfPixels(pixels, widthPx * heightPx, 0, 1, 2);
    return { data, widthPx, heightPx, strideBytes: widthPx };
  }

  async function take(frame: VideoFrame, part: PictureRect): Promise<LumaPlane> {
    try {
      const plane = await takeCopied(frame, part);
      if (plane !== null) return plane;
    } catch {
      // Some drivers refuse copyTo for frames that they still let be drawn; if that fails too, it is that failure that counts.
    }
    return takeDrawn(frame, part);
  }

  return { take };
}
