import { clamp, clampLuma, mix, toYuv, type Yuv } from "./colour.ts";
import { createBird } from "./figures.ts";
import type { Fractal } from "./fractal.ts";
import type { Materials, Place, Shot } from "./place.ts";
import type { Planes } from "./planes.ts";
import { bounce, cosine, hash, sine } from "./random.ts";
import { paintCarpet, type Carpet } from "./rotozoom.ts";
import { createSprite, paintSprite, type Sprite } from "./sprite.ts";

/** What grows at which height, from the sea floor up. */
const zones: readonly (readonly [height: number, rgb: number])[] = [
  [-9000, 0x0c2f57],
  [-2600, 0x14598a],
  [-700, 0x3fa6ae],
  [-260, 0x8fd0bd],
  [-200, 0xe0cf9c],
  [120, 0xd2bd86],
  [260, 0x86a050],
  [1800, 0x4a7a38],
  [3600, 0x2f5a2c],
  [6000, 0x6b6353],
  [7800, 0x8d867c],
  [9600, 0xf2f4f7],
  [12_000, 0xffffff],
];

const heightOffset = 16_384;
const tableStep = 32;

function createZoneTable(): readonly Yuv[] {
  return Array.from({ length: 1024 }, (_, index) => {
    const height = index * tableStep - heightOffset;
    const above = zones.findIndex(([from]) => from > height);
    if (above <= 0) return toYuv((above === 0 ? zones[0]! : zones.at(-1)!)[1]);
    const [lowHeight, lowRgb] = zones[above - 1]!;
    const [highHeight, highRgb] = zones[above]!;
    const share = Math.floor(((height - lowHeight) * 256) / (highHeight - lowHeight));
    const [low, high] = [toYuv(lowRgb), toYuv(highRgb)];
    return { y: mix(low.y, high.y, share), u: mix(low.u, high.u, share), v: mix(low.v, high.v, share) };
  });
}

/** Land and sea from noise: colour by height, light by slope, waves on the water. */
function createLand(noise: Fractal, detail: Fractal): Carpet {
  const { side, heights } = noise;
  const mask = side - 1;
  const zone = createZoneTable();
  const luma = new Uint8Array(side * side);
  const chroma = new Uint16Array((side * side) / 4);
  const lumaOf = Int16Array.from(zone, (colour) => colour.y);
  for (let y = 0; y < side; y += 1) {
    const row = y * side;
    const above = ((y - 1) & mask) * side;
    for (let x = 0; x < side; x += 1) {
      const here = heights[row + x]!;
      const isSea = here < -200;
      const slope = heights[above + ((x + 1) & mask)]! - here;
      const wave = detail.heights[row + x]! - detail.heights[above + ((x + 3) & mask)]!;
      const light = isSea ? clamp(wave >> 6, -12, 16) : clamp(-slope >> 4, -48, 44);
      const at = clamp((here + heightOffset) >> 5, 0, 1023);
      luma[row + x] = clampLuma(lumaOf[at]! + light);
      if (((x | y) & 1) === 0) {
        chroma[(y >> 1) * (side >> 1) + (x >> 1)] = zone[at]!.u | (zone[at]!.v << 8);
      }
    }
  }
  return { side, luma, chroma };
}

/** A patch of cloud seen from above, or its shadow. */
function createCloud(noise: Fractal, sizePx: number, shift: number, rgb: number, thickness: number): Sprite {
  const colour = toYuv(rgb);
  const { side, heights } = noise;
  const mask = side - 1;
  return createSprite(sizePx, Math.floor(sizePx * 0.6), (x, y) => {
    const inside = 1024 - ((x * x + y * y) >> 10);
    if (inside <= 0) return null;
    const at = ((((y + 1024) * side) >> 11) + shift) & mask;
    const along = ((((x + 1024) * side) >> 11) + shift * 5) & mask;
    const puff = clamp(heights[at * side + along]! * 2, -4000, 4000);
    const dense = puff + inside * 10 - 5000;
    const cover = (clamp(dense >> 3, 0, 256) * thickness) >> 8;
    return cover <= 0 ? null : { cover, colour, light: clamp((dense - 3500) >> 7, -30, 16) };
  });
}

/** A coast from the air: the camera circles and zooms, clouds and their shadows pass below it, gulls circle. */
export function createCoast(materials: Materials): Place {
  const { size, smooth, rough } = materials;
  const unit = Math.min(size.widthPx, size.heightPx);
  const land = createLand(rough, smooth);
  const clouds = [0, 1].map((index) => {
    const sizePx = Math.floor(unit * (0.75 - index * 0.3));
    const shift = hash(materials.seed, index + 80) & (smooth.side - 1);
    return {
      white: createCloud(smooth, sizePx, shift, 0xf4f6f8, 225),
      shadow: createCloud(smooth, sizePx, shift, 0x101c28, 105),
    };
  });
  const gull = createBird(Math.max(8, Math.floor(unit * 0.05)), 0xf2f2ee);

  function paintClouds(planes: Planes, shot: Shot, step: number): void {
    for (const [index, cloud] of clouds.entries()) {
      const bits = hash(shot.key, index + 20);
      const range = size.widthPx + cloud.white.widthPx * 2;
      const along = Math.floor((step * size.widthPx * (3 + index)) / 1100) + ((bits & 0xffff) % range);
      const x = (along % range) - cloud.white.widthPx;
      const y = Math.floor((((bits >>> 16) % 1000) * size.heightPx) / 1000) - (cloud.white.heightPx >> 1);
      const fall = Math.floor(unit * 0.12);
      paintSprite(planes, cloud.shadow, x + fall, y + fall);
      paintSprite(planes, cloud.white, x, y);
    }
  }

  function paintGulls(planes: Planes, shot: Shot, step: number): void {
    for (let index = 0; index < 9; index += 1) {
      const bits = hash(shot.key, index + 60);
      const angle = (bits & 1023) + step * (3 + (bits & 3));
      const reach = Math.floor(unit * 0.15) + ((bits >>> 10) % Math.floor(unit * 0.35));
      const x = (size.widthPx >> 1) + ((cosine(angle) * reach) >> 11) - (gull[0]!.widthPx >> 1);
      const y = (size.heightPx >> 1) + ((sine(angle) * reach) >> 12);
      paintSprite(planes, gull[(Math.floor(step / 3) + index) % gull.length]!, x, y);
    }
  }

  return (planes, shot, step) => {
    const spin = (shot.key & 1) === 0 ? 1 : -1;
    const angle = spin * (step * 5 - 375) + ((shot.key & 2) === 0 ? 0 : 8192);
    const zoom = 46_000 + bounce(step * 100 + ((shot.key >>> 8) & 0x3fff), 26_000);
    const [cos, sin] = [sine16(angle + 4096), sine16(angle)];
    const drift = Math.floor((step * unit * 65_536) / 600);
    paintCarpet(planes, land, {
      centreU: (((shot.key & 0xffff) * land.side) | 0) + drift,
      centreV: ((shot.key >>> 16) * land.side) | 0,
      stepU: (zoom * cos) >> 12,
      stepV: (zoom * sin) >> 12,
    });
    paintClouds(planes, shot, step);
    paintGulls(planes, shot, step);
  };
}

/** Sine of an angle in 16384ths of a turn, between the table's steps by a straight line; -4096 to 4096. */
function sine16(angle: number): number {
  const low = sine(angle >> 4);
  return low + (((sine((angle >> 4) + 1) - low) * (angle & 15)) >> 4);
}
