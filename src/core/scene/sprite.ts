import { clampLuma, type Yuv } from "./colour.ts";

/** What sprites are painted on: planes or a strip. */
export type Canvas = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly luma: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
};

/** A small picture with soft edges. */
export type Sprite = {
  /** Even, as is the height. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly luma: Uint8Array;
  /** 0 clear to 255 opaque, one per luma pixel. */
  readonly cover: Uint8Array;
  /** One per chroma pixel, as are U and V. */
  readonly chromaCover: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
};

/** A sprite's look at one place: how much it covers (0 to 255) and its colour. */
export type Dab = { readonly cover: number; readonly colour: Yuv; readonly light: number };

/**
 * Draws a sprite from a function of place.
 * @param look asked for each pixel; x and y run from -1024 to 1024 across the sprite, `light` is added to the colour's luma
 */
export function createSprite(
  widthPx: number,
  heightPx: number,
  look: (x: number, y: number) => Dab | null,
): Sprite {
  const width = Math.max(2, widthPx & ~1);
  const height = Math.max(2, heightPx & ~1);
  const area = width * height;
  const sprite = {
    widthPx: width,
    heightPx: height,
    luma: new Uint8Array(area),
    cover: new Uint8Array(area),
    chromaCover: new Uint8Array(area / 4),
    u: new Uint8Array(area / 4).fill(128),
    v: new Uint8Array(area / 4).fill(128),
  };
  for (let row = 0; row < height; row += 1) {
    const y = Math.floor(((2 * row + 1) * 1024) / height) - 1024;
    for (let column = 0; column < width; column += 1) {
      const dab = look(Math.floor(((2 * column + 1) * 1024) / width) - 1024, y);
      if (dab === null || dab.cover === 0) continue;
      const at = row * width + column;
      sprite.luma[at] = clampLuma(dab.colour.y + dab.light);
      sprite.cover[at] = dab.cover;
      const chromaAt = (row >> 1) * (width >> 1) + (column >> 1);
      sprite.u[chromaAt] = dab.colour.u;
      sprite.v[chromaAt] = dab.colour.v;
      sprite.chromaCover[chromaAt] = sprite.chromaCover[chromaAt]! + (dab.cover >> 2);
    }
  }
  return sprite;
}

function lay(
  out: Uint8Array,
  outWidthPx: number,
  outHeightPx: number,
  picture: Uint8Array,
  cover: Uint8Array,
  widthPx: number,
  heightPx: number,
  xPx: number,
  yPx: number,
): void {
  const left = Math.max(0, -xPx);
  const right = Math.min(widthPx, outWidthPx - xPx);
  const bottom = Math.min(heightPx, outHeightPx - yPx);
  for (let row = Math.max(0, -yPx); row < bottom; row += 1) {
    let from = row * widthPx + left;
    const end = row * widthPx + right;
    let to = (yPx + row) * outWidthPx + xPx + left;
    for (; from < end; from += 1, to += 1) {
      const share = cover[from]!;
      if (share === 0) continue;
      const under = out[to]!;
      out[to] = under + (((picture[from]! - under) * (share + 1)) >> 8);
    }
  }
}

/** Paints a sprite with its left upper corner at a place, clipped to the canvas. Chroma goes by whole chroma pixels. */
export function paintSprite(canvas: Canvas, sprite: Sprite, xPx: number, yPx: number): void {
  const { widthPx, heightPx } = sprite;
  lay(canvas.luma, canvas.widthPx, canvas.heightPx, sprite.luma, sprite.cover, widthPx, heightPx, xPx, yPx);
  const halfWidth = canvas.widthPx >> 1;
  const halfHeight = canvas.heightPx >> 1;
  for (const plane of ["u", "v"] as const) {
    lay(
      canvas[plane],
      halfWidth,
      halfHeight,
      sprite[plane],
      sprite.chromaCover,
      widthPx >> 1,
      heightPx >> 1,
      xPx >> 1,
      yPx >> 1,
    );
  }
}
