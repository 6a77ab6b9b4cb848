import { clamp, clampLuma, createGradient, mix, toYuv } from "./colour.ts";
import { createBird, createBoat, createGlow } from "./figures.ts";
import { createRidge, type Fractal } from "./fractal.ts";
import { fillRange, fillSky, type RangeLook, type SkyLook } from "./ground.ts";
import { travelled, type Materials, type Place, type Shot } from "./place.ts";
import type { Planes } from "./planes.ts";
import { cosine, hash, sine } from "./random.ts";
import { paintSprite } from "./sprite.ts";
import { copyShifted, createStrip, paintStrip, type Strip } from "./strip.ts";

type Mood = {
  readonly sky: SkyLook;
  /** Colour of the water from the horizon to the near edge. */
  readonly water: readonly number[];
  readonly sun: number;
  readonly isle: RangeLook;
};

const isle: RangeLook = {
  high: 0x6a7a86,
  low: 0x56707c,
  patch: 0x7f8a78,
  haze: 0xc4d6e4,
  hazeAtFoot: 120,
  hazeAtRidge: 70,
  relief: 120,
  snowPx: 0,
  depthPx: 120,
  shift: 61,
};

const evening: Mood = {
  sky: { stops: [0x38406e, 0xa8607a, 0xf29a5a, 0xffd58a], cloud: 0xc86a62, clearness: 700 },
  water: [0xe8a06a, 0x8a5a72, 0x2f3358, 0x1a1f3c],
  sun: 0xffe9b8,
  isle: { ...isle, high: 0x5a3f56, low: 0x4c3650, patch: 0x6a4850, haze: 0xd88a6a },
};

const noon: Mood = {
  sky: { stops: [0x2b6fc0, 0x74b0e4, 0xd6e8f2], cloud: 0xf6f7f8, clearness: 1300 },
  water: [0x9cc8da, 0x3f8fae, 0x1c6488, 0x124666],
  sun: 0xfffbe6,
  isle,
};

/** Share of the height above the horizon. */
const horizonShare = 0.46;
/** How far the sky travels in a shot, picture widths; the nearest water travels this much more. */
const travelShare = 0.06;

type Waters = { readonly strip: Strip; readonly rowCount: number; readonly sparePx: number };

/** Water in perspective, lit from the horizon, with the sun's glitter in it. */
function createWaters(materials: Materials, mood: Mood, rowCount: number, sunPx: number): Waters {
  const { size, smooth, rough } = materials;
  const sparePx = (Math.floor(size.widthPx * travelShare) + 32) & ~1;
  const wide = (size.widthPx + 2 * sparePx + 16) & ~7;
  const reachRows = Math.max(2, rowCount >> 4);
  const tall = (rowCount + reachRows + 2) & ~1;
  const strip = createStrip(wide, tall, null);
  const colours = createGradient(mood.water, tall);
  const glow = toYuv(mood.sun);
  for (let y = 0; y < tall; y += 1) {
    const colour = colours[y]!;
    const spread = (size.widthPx >> 5) + (y >> 2);
    const rows = waterRows(smooth, y, rowCount);
    const ripples = waterRows(rough, y, rowCount);
    for (let x = 0; x < wide; x += 1) {
      const swell = slopeAt(smooth, rows, x - (wide >> 1));
      const ripple = slopeAt(rough, ripples, (x - (wide >> 1)) * 2);
      const slope = clamp(((swell + (ripple >> 1)) * rows.gain) >> 8, -3000, 3000);
      const beside = Math.abs(x - sunPx - sparePx);
      const sunny = beside < spread * 2 ? clamp(256 - Math.floor((beside * 128) / spread), 0, 256) : 0;
      const share = Math.min(230, Math.floor((sunny * clamp(slope + 300, 0, 1200)) / 1400));
      strip.luma.bytes[y * wide + x] = clampLuma(mix(colour.y + (slope >> 5), glow.y + 10, share));
      if (((x | y) & 1) === 0) {
        const at = (y >> 1) * (wide >> 1) + (x >> 1);
        strip.u.bytes[at] = mix(colour.u, glow.u, share);
        strip.v.bytes[at] = mix(colour.v, glow.v, share);
      }
    }
  }
  return { strip, rowCount, sparePx };
}

/** Which rows of noise a row of water shows, how they are compressed, and how strong they look. */
type WaterRows = {
  readonly here: number;
  readonly above: number;
  readonly scale256: number;
  readonly gain: number;
};

function waterRows(noise: Fractal, y: number, rowCount: number): WaterRows {
  const mask = noise.side - 1;
  const depth = Math.floor((rowCount * 256) / (y + (rowCount >> 4) + 1));
  const along = Math.floor((depth * noise.side) / 900);
  const next = Math.max(1, noise.side >> 8);
  return {
    here: (along & mask) * noise.side,
    above: ((along + next) & mask) * noise.side,
    scale256: Math.max(40, depth >> 1),
    gain: Math.min(420, 110 + Math.floor((y * 400) / rowCount)),
  };
}

function slopeAt(noise: Fractal, rows: WaterRows, x: number): number {
  const column = ((x * rows.scale256) >> 8) & (noise.side - 1);
  return noise.heights[rows.above + column]! - noise.heights[rows.here + column]!;
}

function createHeaven(materials: Materials, mood: Mood, horizonPx: number, sunPx: number): Strip {
  const { seed, size, smooth, rough } = materials;
  const wide = (size.widthPx + Math.floor(size.widthPx * travelShare) + 16) & ~7;
  const strip = createStrip(wide, horizonPx, null);
  fillSky(strip, smooth, mood.sky, horizonPx);
  const canvas = {
    widthPx: wide,
    heightPx: horizonPx,
    luma: strip.luma.bytes,
    u: strip.u.bytes,
    v: strip.v.bytes,
  };
  const sun = createGlow(Math.floor(horizonPx * 0.75), toYuv(mood.sun));
  paintSprite(canvas, sun, sunPx - (sun.widthPx >> 1), Math.floor(horizonPx * 0.62) - (sun.heightPx >> 1));
  const shore = createRidge(seed + 5, wide, 140).map((ridge) =>
    clamp(horizonPx - Math.floor(((ridge + 150) * horizonPx) / 5200), Math.floor(horizonPx * 0.6), horizonPx),
  );
  fillRange(strip, shore, rough, { ...mood.isle, depthPx: Math.max(4, horizonPx >> 2) });
  return strip;
}

/** Rolls the water: each row is taken from a little above or below and aside, as its swell stands. */
function paintWaters(
  planes: Planes,
  waters: Waters,
  horizonPx: number,
  quarters: number,
  step: number,
): void {
  const { strip, rowCount, sparePx } = waters;
  const { widthPx } = planes;
  for (let row = 0; row < rowCount; row += 1) {
    const near = Math.floor((row * 1024) / rowCount);
    const swell = sine(Math.floor(3_000_000 / (near + 300)) + step * 14);
    const rise = ((swell + 4096) * (rowCount >> 4) * near) >> 23;
    const aside = (cosine(Math.floor(2_100_000 / (near + 260)) + step * 9) * (near + 40)) >> 16;
    const shift = clamp(quarters + ((quarters * near) >> 10) + aside + 64, 0, sparePx * 8);
    const from = (row + rise) * strip.widthPx + (shift >> 2);
    copyShifted(planes, (horizonPx + row) * widthPx, widthPx, strip.luma, from, shift & 3);
    if ((row & 1) !== 0) continue;
    const chromaTo = ((horizonPx + row) >> 1) * (widthPx >> 1);
    const chromaFrom = ((row + rise) >> 1) * (strip.widthPx >> 1) + (shift >> 3);
    copyShifted(planes, planes.uStart + chromaTo, widthPx >> 1, strip.u, chromaFrom, 0);
    copyShifted(planes, planes.vStart + chromaTo, widthPx >> 1, strip.v, chromaFrom, 0);
  }
}

/** The sea under a low sun: rolling water, boats, gulls. */
export function createSea(materials: Materials): Place {
  const { widthPx, heightPx } = materials.size;
  const mood = (hash(materials.seed, 1) & 1) === 0 ? evening : noon;
  const horizonPx = Math.floor(heightPx * horizonShare) & ~1;
  const sunPx = Math.floor(widthPx * 0.64);
  const heaven = createHeaven(materials, mood, horizonPx, sunPx);
  const waters = createWaters(materials, mood, heightPx - horizonPx, sunPx);
  const unit = Math.min(widthPx, heightPx);
  const boats = [0.07, 0.13, 0.24].map((share, index) =>
    createBoat(Math.floor(unit * share), index === 1 ? 0xd8523a : 0xf4ead6),
  );
  const gull = createBird(Math.max(8, Math.floor(unit * 0.06)), 0xf0f0ea);

  function paintFleet(planes: Planes, shot: Shot, step: number): void {
    for (const [index, boat] of boats.entries()) {
      const bits = hash(shot.key, index + 30);
      const sail = Math.floor((step * widthPx * (index + 1)) / 2400);
      const start = (bits & 0xffff) % widthPx;
      const x = (shot.key & 8) === 0 ? start + sail : start - sail;
      const bob = (sine(step * 10 + bits) * boat.heightPx) >> 18;
      const y =
        horizonPx + Math.floor((heightPx * (index * index * 7 + 1)) / 100) - Math.floor(boat.heightPx * 0.9);
      paintSprite(planes, boat, x - (boat.widthPx >> 1), y + bob);
    }
    for (let index = 0; index < 6; index += 1) {
      const bits = hash(shot.key, index + 50);
      const x =
        ((bits & 0xffff) % widthPx) + Math.floor((step * widthPx * (4 + (bits & 3))) / 1500) - (widthPx >> 2);
      const y = Math.floor(heightPx * 0.1) + ((bits >>> 16) % Math.floor(heightPx * 0.4));
      const sway = (sine(step * 9 + bits) * unit) >> 17;
      paintSprite(planes, gull[(Math.floor(step / 3) + index) % gull.length]!, x, y + sway);
    }
  }

  return (planes, shot, step) => {
    const quarters = travelled(shot, step, Math.floor(widthPx * travelShare));
    paintStrip(planes, heaven, quarters, 0);
    paintWaters(planes, waters, horizonPx, quarters, step);
    paintFleet(planes, shot, step);
  };
}
