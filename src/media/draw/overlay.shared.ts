import { drawMarker } from "../../core/marker/draw.ts";
import { layoutMarker, type PictureRect } from "../../core/marker/layout.ts";
import type { Marker } from "../../core/marker/payload.ts";
import { blackLuma, createPlanes, whiteLuma, type Planes } from "../../core/scene/planes.ts";
import type { DrawPlan } from "./draw.protocol.ts";
import type { PictureMaker } from "./maker.shared.ts";

/** A picture to draw over, with its size. */
export type Picture = ImageBitmap | VideoFrame;

/** Draws the marker over pictures from elsewhere: camera, screen or file. */
export type OverlayMaker = PictureMaker & {
  /** The newest picture; the maker closes it. Until the first one the ground is black. */
  readonly take: (picture: Picture) => void;
  readonly lay: () => void;
};

/** Makes an overlay; null where this browser gives workers no canvas. */
export function createOverlayMaker(plan: DrawPlan, askForPicture: () => void): OverlayMaker | null {
  const { widthPx, heightPx } = plan;
  const size = { widthPx, heightPx };
  const canvas = new OffscreenCanvas(widthPx, heightPx);
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) return null;
  const layout = layoutMarker(size);
  const planes = createPlanes(size);
  const areas = layout.caption === null ? [layout.box] : [layout.box, layout.caption.area];
  const patches = areas.map((area) => ({
    area,
    image: context.createImageData(area.widthPx, area.heightPx),
  }));
  let newest: Picture | null = null;
  return {
    take: (picture) => {
      newest?.close();
      newest = picture;
    },
    prepare: askForPicture,
    lay: () => {
      if (newest === null) return;
      const rect = fitWithin(pictureSize(newest), size);
      context.fillRect(0, 0, widthPx, heightPx);
      context.drawImage(newest, rect.xPx, rect.yPx, rect.widthPx, rect.heightPx);
    },
    finish: (marker: Marker, timestampUs) => {
      drawMarker(planes, layout, marker);
      for (const { area, image } of patches) {
        copyGrey(planes, area, image.data);
        context.putImageData(image, area.xPx, area.yPx);
      }
      return new VideoFrame(canvas, { timestamp: timestampUs });
    },
    close: () => {
      newest?.close();
      newest = null;
    },
  };
}

type Size = { readonly widthPx: number; readonly heightPx: number };

function pictureSize(picture: Picture): Size {
  return "displayWidth" in picture
    ? { widthPx: picture.displayWidth, heightPx: picture.displayHeight }
    : { widthPx: picture.width, heightPx: picture.height };
}

/** The largest place of a picture's own shape in the middle of a frame. */
export function fitWithin(picture: Size, frame: Size): PictureRect {
  const scale = Math.min(frame.widthPx / picture.widthPx, frame.heightPx / picture.heightPx);
  const widthPx = Math.round(picture.widthPx * scale);
  const heightPx = Math.round(picture.heightPx * scale);
  return {
    xPx: Math.floor((frame.widthPx - widthPx) / 2),
    yPx: Math.floor((frame.heightPx - heightPx) / 2),
    widthPx,
    heightPx,
  };
}

/** Limited-range luma as the full-range grey that a canvas holds. */
function copyGrey(planes: Planes, area: PictureRect, rgba: Uint8ClampedArray): void {
  let at = 0;
  for (let row = area.yPx; row < area.yPx + area.heightPx; row += 1) {
    for (let column = area.xPx; column < area.xPx + area.widthPx; column += 1) {
      const luma = planes.luma[row * planes.widthPx + column] ?? blackLuma;
      const grey = ((luma - blackLuma) * 255) / (whiteLuma - blackLuma);
      rgba[at] = grey;
      rgba[at + 1] = grey;
      rgba[at + 2] = grey;
      rgba[at + 3] = 255;
      at += 4;
    }
  }
}
