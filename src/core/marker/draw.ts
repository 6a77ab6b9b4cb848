import { drawText } from "../scene/digits.ts";
import { blackLuma, neutralChroma, whiteLuma, type Planes } from "../scene/planes.ts";
import type { Scene } from "../scene/scene.ts";
import { cellHeightDots, type MarkerLayout, type PictureRect } from "./layout.ts";
import { writePayload, type Marker } from "./payload.ts";
import { markerModules, quietModuleCount, type ModuleGrid } from "./qr.ts";

/** Fills a rectangle with one grey. All its numbers must be even. */
function fillGrey(planes: Planes, area: PictureRect, luma: number): void {
  const { widthPx } = planes;
  for (let row = area.yPx; row < area.yPx + area.heightPx; row += 1) {
    const at = row * widthPx + area.xPx;
    planes.luma.fill(luma, at, at + area.widthPx);
  }
  for (let row = area.yPx >> 1; row < (area.yPx + area.heightPx) >> 1; row += 1) {
    const at = (row * widthPx + area.xPx) >> 1;
    planes.u.fill(neutralChroma, at, at + (area.widthPx >> 1));
    planes.v.fill(neutralChroma, at, at + (area.widthPx >> 1));
  }
}

function drawModules(planes: Planes, layout: MarkerLayout, modules: ModuleGrid): void {
  const { modulePx, box } = layout;
  const { widthPx, luma } = planes;
  const left = box.xPx + quietModuleCount * modulePx;
  const top = box.yPx + quietModuleCount * modulePx;
  const sidePx = modules.sideCount * modulePx;
  for (let row = 0; row < modules.sideCount; row += 1) {
    const first = (top + row * modulePx) * widthPx + left;
    for (let column = 0; column < modules.sideCount; column += 1) {
      if (modules.dark[row * modules.sideCount + column] !== 1) continue;
      luma.fill(blackLuma, first + column * modulePx, first + (column + 1) * modulePx);
    }
    for (let line = 1; line < modulePx; line += 1) {
      luma.copyWithin(first + line * widthPx, first, first + sidePx);
    }
  }
}

function twoDigits(value: number): string {
  return String(value % 100).padStart(2, "0");
}

/** UTC time of day of epoch microseconds, `hh:mm:ss.mmm`. */
function clockText(epochUs: number): string {
  const ms = Math.floor(epochUs / 1000) % 86_400_000;
  const second = Math.floor(ms / 1000);
  const hours = Math.floor(second / 3600);
  const minutes = Math.floor(second / 60) % 60;
  return `${twoDigits(hours)}:${twoDigits(minutes)}:${twoDigits(second % 60)}.${String(ms % 1000).padStart(3, "0")}`;
}

/** The marker's facts for people, a line each. */
export function captionLines(marker: Marker): readonly [string, string, string] {
  return [`FRAME ${marker.frameId}`, `${clockText(marker.captureTimeUs)} UTC`, `RUN ${marker.runNumber}`];
}

/**
 * Draws the marker, QR and digits, over a picture. Sender and scorer both call this, so that the reference is the same to the bit.
 * @param layout made for exactly this picture size
 */
export function drawMarker(planes: Planes, layout: MarkerLayout, marker: Marker): void {
  fillGrey(planes, layout.box, whiteLuma);
  drawModules(planes, layout, markerModules(writePayload(marker)));
  const { caption } = layout;
  if (caption === null) return;
  fillGrey(planes, caption.area, blackLuma);
  for (const [index, line] of captionLines(marker).entries()) {
    const yPx = caption.textYPx + index * cellHeightDots * caption.dotPx;
    drawText(planes, line, caption.textXPx, yPx, caption.dotPx, whiteLuma);
  }
}

/** Paints a scene's frame with its marker: the whole picture as it is handed to the encoder. */
export function paintMarkedFrame(scene: Scene, planes: Planes, layout: MarkerLayout, marker: Marker): void {
  scene.paint(marker.frameId, planes);
  drawMarker(planes, layout, marker);
}
