import { toYuv } from "./colour.ts";
import { createBalloon, createBird, createGlow } from "./figures.ts";
import { createRidge } from "./fractal.ts";
import { fillRange, fillSky, type RangeLook, type SkyLook } from "./ground.ts";
import { travelled, type Materials, type Place, type Shot } from "./place.ts";
import type { Planes } from "./planes.ts";
import { createRandom, hash, sine } from "./random.ts";
import { paintSprite, type Sprite } from "./sprite.ts";
import { createStrip, paintStrip, type Strip } from "./strip.ts";

type Mood = {
  readonly sky: SkyLook;
  readonly far: RangeLook;
  readonly mid: RangeLook;
  readonly near: RangeLook;
};

const range: RangeLook = {
  high: 0x7c7f86,
  low: 0x4d5a55,
  patch: 0x8a8578,
  haze: 0xb9cbe0,
  hazeAtFoot: 200,
  hazeAtRidge: 110,
  relief: 150,
  snowPx: 0,
  depthPx: 300,
  shift: 0,
};

const day: Mood = {
  sky: { stops: [0x2f66b5, 0x6ea3dc, 0xc9dcec], cloud: 0xf2f3f5, clearness: 900 },
  far: range,
  mid: {
    ...range,
    high: 0x51703f,
    low: 0x3c5a38,
    patch: 0x86904f,
    hazeAtFoot: 90,
    hazeAtRidge: 40,
    relief: 210,
    shift: 211,
  },
  near: {
    ...range,
    high: 0x2c4a22,
    low: 0x1b3216,
    patch: 0x53702c,
    hazeAtFoot: 0,
    hazeAtRidge: 0,
    relief: 250,
    shift: 467,
  },
};

const dusk: Mood = {
  sky: { stops: [0x2c3566, 0x8a5a86, 0xf0a066, 0xffd9a0], cloud: 0xd98a78, clearness: 400 },
  far: {
    ...range,
    high: 0x6a5a7c,
    low: 0x58486a,
    patch: 0x7c6478,
    haze: 0xe6a684,
    hazeAtFoot: 190,
    hazeAtRidge: 70,
  },
  mid: {
    ...range,
    high: 0x4c3f52,
    low: 0x3a3346,
    patch: 0x6b5248,
    haze: 0xb87f78,
    hazeAtFoot: 100,
    hazeAtRidge: 30,
    relief: 190,
    shift: 211,
  },
  near: {
    ...range,
    high: 0x2a2630,
    low: 0x17161f,
    patch: 0x403330,
    hazeAtFoot: 0,
    hazeAtRidge: 0,
    relief: 200,
    shift: 467,
  },
};

/** A ridge line that undulates around `ridgePx` by `swingPx`. */
function ridgeLine(
  seed: number,
  widthPx: number,
  ridgePx: number,
  swingPx: number,
  roughness256: number,
): Int32Array {
  const ridge = createRidge(seed, widthPx, roughness256);
  return ridge.map((height) => Math.max(0, ridgePx + Math.floor((height * swingPx) / 1000)));
}

/** Raises a ridge line by pines of random height. */
function plantPines(topPx: Int32Array, seed: number, tallestPx: number): void {
  const random = createRandom(seed);
  const ground = Int32Array.from(topPx);
  for (let x = 0; x < topPx.length; x += random.between(tallestPx >> 4, tallestPx >> 2) + 1) {
    const tall = random.between(tallestPx >> 1, tallestPx);
    const peak = ground[x]! - tall;
    const reach = Math.floor(tall / 3);
    for (let column = Math.max(0, x - reach); column < Math.min(topPx.length, x + reach); column += 1) {
      const edge = peak + Math.abs(column - x) * 4 + (random.bits() & 31) * (tall >> 6);
      if (edge < topPx[column]!) topPx[column] = Math.max(0, edge);
    }
  }
}

type Scenery = {
  readonly far: Strip;
  readonly mid: Strip;
  readonly near: Strip;
  readonly balloons: readonly Sprite[];
  readonly bird: readonly Sprite[];
};

function createFar(materials: Materials, mood: Mood, sun: Sprite): Strip {
  const { seed, size } = materials;
  const { widthPx, heightPx } = size;
  const wide = (widthPx + Math.floor(widthPx / 12) + 16) & ~7;
  const backdrop = createStrip(wide, heightPx, null);
  const horizon = Math.floor((heightPx * 5) / 8);
  fillSky(backdrop, materials.smooth, mood.sky, horizon);
  paintSprite(
    { widthPx: wide, heightPx, luma: backdrop.luma.bytes, u: backdrop.u.bytes, v: backdrop.v.bytes },
    sun,
    Math.floor(wide * 0.62),
    Math.floor(heightPx * 0.16),
  );
  const swing = Math.floor(heightPx * 0.2);
  const topPx = ridgeLine(seed + 1, wide, Math.floor(heightPx * 0.42), swing, 150);
  const far = { ...mood.far, snowPx: Math.floor(heightPx * 0.05), depthPx: Math.floor(heightPx * 0.3) };
  fillRange(backdrop, topPx, materials.rough, far);
  return backdrop;
}

/** A strip with ranks of wooded hills, each before and below the last and its trees taller. */
function createFront(
  materials: Materials,
  look: RangeLook,
  travel: number,
  ridges: readonly number[],
  pineShare: number,
): Strip {
  const { seed, size } = materials;
  const wide = (size.widthPx + Math.floor(size.widthPx * travel) + 16) & ~7;
  const { heightPx } = size;
  const tops = ridges.map((ridge, rank) => {
    const line = ridgeLine(
      seed + look.shift + rank,
      wide,
      Math.floor(heightPx * ridge),
      Math.floor(heightPx * 0.12),
      120,
    );
    plantPines(line, seed + look.shift + rank, Math.floor(heightPx * (pineShare + rank * 0.05)));
    return line;
  });
  const opaque = tops[0]!.map((_, x) => Math.min(...tops.map((line) => line[x]!)));
  const strip = createStrip(wide, heightPx, opaque);
  for (const [rank, line] of tops.entries()) {
    const depthPx = Math.floor(heightPx * (0.3 - rank * 0.06));
    fillRange(strip, line, materials.rough, { ...look, depthPx, shift: look.shift + rank * 97 });
  }
  return strip;
}

function createScenery(materials: Materials): Scenery {
  const { seed, size } = materials;
  const mood = (hash(seed, 1) & 1) === 0 ? day : dusk;
  const unit = Math.min(size.widthPx, size.heightPx);
  const sun = createGlow(Math.floor(unit * 0.34), toYuv(mood === day ? 0xfff6dc : 0xffdfae));
  return {
    far: createFar(materials, mood, sun),
    mid: createFront(materials, mood.mid, 0.2, [0.62, 0.7], 0.045),
    near: createFront(materials, mood.near, 0.45, [0.84, 0.94, 1.06], 0.13),
    balloons: [
      createBalloon(Math.floor(unit * 0.3), 0xc8352b, 0xf3e3c0),
      createBalloon(Math.floor(unit * 0.2), 0x2b5fa8, 0xf0c23c),
      createBalloon(Math.floor(unit * 0.13), 0x3c8a4e, 0xe98a2e),
    ],
    bird: createBird(Math.max(8, Math.floor(unit * 0.045)), 0x22242c),
  };
}

function paintBirds(planes: Planes, bird: readonly Sprite[], shot: Shot, step: number): void {
  const { widthPx, heightPx } = planes;
  for (let index = 0; index < 7; index += 1) {
    const bits = hash(shot.key, index + 40);
    const along =
      Math.floor((step * widthPx * (5 + (bits & 3))) / 1600) +
      Math.floor(((bits & 0xffff) * widthPx * 1.2) / 65_536);
    const x = (along % Math.floor(widthPx * 1.2)) - Math.floor(widthPx * 0.1);
    const y = Math.floor(heightPx * 0.08) + Math.floor(((bits >>> 16) * heightPx * 0.3) / 65_536);
    const sway = (sine(step * 12 + bits) * heightPx) >> 18;
    paintSprite(planes, bird[(Math.floor(step / 2) + (bits >>> 8)) % bird.length]!, x, y + sway);
  }
}

/** Mountains behind wooded hills; balloons drift, birds cross, the camera travels. */
export function createMountains(materials: Materials): Place {
  const scenery = createScenery(materials);
  const { widthPx, heightPx } = materials.size;
  return (planes, shot, step) => {
    paintStrip(planes, scenery.far, travelled(shot, step, Math.floor(widthPx / 12)), 0);
    for (let index = scenery.balloons.length - 1; index >= 1; index -= 1)
      paintBalloon(planes, scenery, shot, step, index);
    paintStrip(planes, scenery.mid, travelled(shot, step, Math.floor(widthPx * 0.2)), 0);
    paintBirds(planes, scenery.bird, shot, step);
    paintBalloon(planes, scenery, shot, step, 0);
    paintStrip(planes, scenery.near, travelled(shot, step, Math.floor(widthPx * 0.45)), 0);
  };

  function paintBalloon(planes: Planes, from: Scenery, shot: Shot, step: number, index: number): void {
    const bits = hash(shot.key, index);
    const sprite = from.balloons[index]!;
    const start = Math.floor(((bits & 0xffff) * widthPx) / 65_536);
    const drift = Math.floor((step * widthPx * (3 - index)) / 1500);
    const x = (shot.key & 2) === 0 ? start + drift : start - drift;
    const rise = Math.floor((step * heightPx) / (900 + 300 * index));
    const y =
      Math.floor(heightPx * (0.42 - index * 0.06)) - rise + ((sine(step * 6 + bits) * heightPx) >> 19);
    paintSprite(planes, sprite, x - (sprite.widthPx >> 1), y);
  }
}
