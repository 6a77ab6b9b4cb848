import { createLeaf } from "./figures.ts";
import { fillRange, type RangeLook } from "./ground.ts";
import { travelled, type Materials, type Place, type Shot } from "./place.ts";
import type { Planes } from "./planes.ts";
import { createRandom, hash, sine } from "./random.ts";
import { paintSprite, type Sprite } from "./sprite.ts";
import { createStrip, paintStrip, type Strip } from "./strip.ts";

const soil: RangeLook = {
  high: 0x2a2118,
  low: 0x2a2118,
  patch: 0x3c3a22,
  haze: 0x000000,
  hazeAtFoot: 0,
  hazeAtRidge: 0,
  relief: 240,
  snowPx: 0,
  depthPx: 1,
  shift: 33,
};

const fallen = [0xb4552a, 0xd08a2e, 0x8a3a22, 0xc9a544, 0x6f6a2c, 0x9a6a3a] as const;
const falling = [0xd9702c, 0xe2b13c, 0xb53a26] as const;

/** The larger a leaf, the rarer: areas shared evenly over sizes, as in natural pictures (A. Lee et al., 2001, dead leaves). */
const sizeShares = [
  { share: 0.035, perFrame: 900 },
  { share: 0.06, perFrame: 420 },
  { share: 0.1, perFrame: 150 },
  { share: 0.17, perFrame: 40 },
] as const;

/** How far the camera travels in a shot, in picture widths and heights. */
const travelX = 0.22;
const travelY = 0.12;

function strew(strip: Strip, materials: Materials): void {
  const { seed, size } = materials;
  const { widthPx, heightPx } = strip;
  const unit = Math.min(size.widthPx, size.heightPx);
  const canvas = { widthPx, heightPx, luma: strip.luma.bytes, u: strip.u.bytes, v: strip.v.bytes };
  const random = createRandom(seed + 12);
  const area = (widthPx * heightPx * 9) / (unit * unit * 16);
  for (const { share, perFrame } of sizeShares) {
    const sizePx = Math.max(6, Math.floor(unit * share));
    const kinds: readonly (readonly Sprite[])[] = fallen.map((rgb) => createLeaf(sizePx, rgb));
    const shadow = createLeaf(sizePx, 0x120d08);
    for (let count = Math.floor(perFrame * area); count > 0; count -= 1) {
      const turn = random.between(0, 7);
      const x = random.between(-sizePx, widthPx);
      const y = random.between(-sizePx, heightPx);
      const drop = Math.max(1, sizePx >> 4);
      paintSprite(canvas, shadow[turn]!, x + drop, y + drop);
      paintSprite(canvas, kinds[random.between(0, kinds.length - 1)]![turn]!, x, y);
    }
  }
}

/** The forest's floor in autumn: the camera travels over it while leaves fall through the picture, near ones larger and faster. */
export function createLeaves(materials: Materials): Place {
  const { widthPx, heightPx } = materials.size;
  const unit = Math.min(widthPx, heightPx);
  const wide = (Math.floor(widthPx * (1 + travelX)) + 16) & ~7;
  const tall = (Math.floor(heightPx * (1 + travelY)) + 4) & ~1;
  const strip = createStrip(wide, tall, null);
  fillRange(strip, new Int32Array(wide), materials.rough, soil);
  strew(strip, materials);
  const kinds = [0.09, 0.15, 0.26].flatMap((share) =>
    falling.map((rgb) => createLeaf(Math.floor(unit * share), rgb)),
  );

  function paintFalling(planes: Planes, shot: Shot, step: number): void {
    for (let index = 0; index < 18; index += 1) {
      const bits = hash(shot.key, index + 100);
      const kind = kinds[Math.floor(index / 2)]!;
      const sizePx = kind[0]!.widthPx;
      const nearness = 1 + Math.floor(index / 6);
      const fall = heightPx + sizePx * 2;
      const y = (Math.floor((step * unit * (2 + nearness)) / 420) + ((bits & 0xffff) % fall)) % fall;
      const sway = (sine(step * (4 + (bits & 3)) + bits) * unit) >> 15;
      const drift = Math.floor((step * unit * nearness) / 900);
      const x = (((bits >>> 16) * widthPx) >>> 16) + sway + ((shot.key & 4) === 0 ? drift : -drift);
      const turn = (Math.floor((step * (2 + nearness)) / 9) + (bits >>> 5)) & 7;
      paintSprite(planes, kind[turn]!, x, y - sizePx);
    }
  }

  return (planes, shot, step) => {
    const down = travelled({ ...shot, key: shot.key >>> 1 }, step, Math.floor(heightPx * travelY)) >> 2;
    paintStrip(planes, strip, travelled(shot, step, Math.floor(widthPx * travelX)), down & ~1);
    paintFalling(planes, shot, step);
  };
}
