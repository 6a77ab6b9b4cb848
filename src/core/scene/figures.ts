import { clamp, toYuv, type Yuv } from "./colour.ts";
import { cosine, sine } from "./random.ts";
import { createSprite, type Dab, type Sprite } from "./sprite.ts";

/** Cover of a shape's edge, from how deep inside (1024ths of half the sprite) a place lies. */
function soft(depth: number, sizePx: number): number {
  return clamp((depth * sizePx) >> 3, 0, 255);
}

/**
 * A leaf seen at eight angles, turning as it falls.
 * @param sizePx width and height
 */
export function createLeaf(sizePx: number, rgb: number): readonly Sprite[] {
  const colour = toYuv(rgb);
  return Array.from({ length: 8 }, (_, turn) => {
    const angle = turn * 128;
    const tilt = 2600 + (cosine(angle * 2) >> 2);
    return createSprite(sizePx, sizePx, (x, y): Dab | null => {
      const along = (x * cosine(angle) + y * sine(angle)) >> 12;
      const across = Math.floor((((y * cosine(angle) - x * sine(angle)) >> 12) * 4096) / tilt);
      if (along < -1000 || along > 1000) return null;
      const beside = Math.abs(across);
      const reach = ((1_000_000 - along * along) * (900 - (along >> 1))) >> 21;
      const stem = 24 - beside;
      const depth = Math.max(reach - beside, along > 0 ? stem : -1);
      if (depth <= 0) return null;
      const veins = (along + 1024 + beside) % 220 < 36 ? -14 : 0;
      const light = (beside < 26 ? 26 : veins) + (across >> 5) - (along >> 6);
      return { cover: soft(depth, sizePx), colour, light };
    });
  });
}

function balloonReach(y: number): number {
  if (y > 640) return 0;
  const up = y + 290;
  if (up <= 0) return Math.floor(Math.sqrt(Math.max(0, 720 * 720 - up * up)));
  return 720 - ((up * up) >> 10) - ((up * 120) >> 10);
}

/** A hot-air balloon with stripes of two colours. */
export function createBalloon(sizePx: number, first: number, second: number): Sprite {
  const colours = [toYuv(first), toYuv(second)] as const;
  const wicker = toYuv(0x6b4a2b);
  const rope = toYuv(0x3a332c);
  return createSprite(Math.floor((sizePx * 3) / 4), sizePx, (wide, y): Dab | null => {
    const x = Math.floor((wide * 3) / 4);
    const reach = balloonReach(y);
    const beside = Math.abs(x);
    if (reach > beside) {
      const around = Math.floor((x * 1024) / reach);
      const bend = around + ((around * Math.abs(around)) >> 11);
      const stripe = ((bend + 4096) >> 8) & 1;
      const light = 20 - (((((x + 260) * (x + 260)) >> 12) * 5) >> 3) - (y > 0 ? y >> 5 : 0);
      return { cover: soft(reach - beside, sizePx), colour: colours[stripe === 0 ? 0 : 1], light };
    }
    if (y > 780 && y < 990 && beside < 110) {
      return { cover: 255, colour: wicker, light: (((x + 2048) >> 5) + (y >> 5)) & 1 ? -12 : 8 };
    }
    const spread = 110 + ((780 - y) >> 2);
    if (y > 600 && y <= 780 && Math.abs(beside - spread) < 14) return { cover: 160, colour: rope, light: 0 };
    return null;
  });
}

/** A bird's wings in six positions, up and down again. */
export function createBird(sizePx: number, rgb: number): readonly Sprite[] {
  const colour = toYuv(rgb);
  return Array.from({ length: 6 }, (_, beat) => {
    const lift = cosine(Math.floor((beat * 1024) / 6)) >> 3;
    return createSprite(sizePx, sizePx >> 1, (x, y): Dab | null => {
      const out = Math.abs(x);
      const wing = -((out * lift) >> 10) + ((out * out) >> 12);
      const thick = out < 120 ? 190 - out : 150 - (out >> 3);
      const depth = thick - Math.abs(y - wing);
      return depth <= 0 || out > 980 ? null : { cover: soft(depth, sizePx), colour, light: 0 };
    });
  });
}

/** A small sailing boat. */
export function createBoat(sizePx: number, sail: number): Sprite {
  const cloth = toYuv(sail);
  const hull = toYuv(0x4b2a20);
  return createSprite(sizePx, sizePx, (x, y): Dab | null => {
    if (y > 700) {
      const reach = 760 - ((y - 700) >> 1) * 2;
      return Math.abs(x) < reach && y < 960 ? { cover: 255, colour: hull, light: (960 - y) >> 4 } : null;
    }
    const main = x > 20 && x < ((y + 1000) * 3) >> 3;
    const jib = x < -20 && -x < ((y + 700) * 3) >> 3;
    if (y < 640 && (main || jib)) return { cover: 255, colour: cloth, light: -(x >> 4) - (jib ? 12 : 0) };
    return Math.abs(x) < 18 && y > -1000 ? { cover: 255, colour: hull, light: 10 } : null;
  });
}

/** A disc that glows outward: a sun or a moon. */
export function createGlow(sizePx: number, colour: Yuv): Sprite {
  return createSprite(sizePx, sizePx, (x, y): Dab | null => {
    const square = (x * x + y * y) >> 8;
    if (square > 4096) return null;
    if (square < 130) return { cover: 250, colour, light: 60 };
    const fade = 4096 - square;
    return { cover: (fade * fade) >> 17, colour, light: 40 };
  });
}
