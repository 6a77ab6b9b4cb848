import { markerSideCount } from "./qr.ts";

/** A module that no payload changes is 1 (dark) or 0 (light); `carriesData` marks the rest. */
export const carriesData = -1;

/**
 * The fifteen format bits of level H with mask 0, most significant first (ISO/IEC 18004, 7.9 and annex C).
 * Every marker is written so, hence they are as fixed as the finders.
 */
const formatBits = "001011010001001";

const side: number = markerSideCount;
/** Centre of the one alignment pattern of version 2. */
const alignmentCentre = 18;

/** Distance in rings from a centre: 0 is the centre module. */
function ringOf(x: number, y: number, centreX: number, centreY: number): number {
  return Math.max(Math.abs(x - centreX), Math.abs(y - centreY));
}

/** Finder and its separator: dark but for the rings 2 and 4. */
function paintFinder(modules: Int8Array, centreX: number, centreY: number): void {
  for (let y = Math.max(0, centreY - 4); y <= Math.min(side - 1, centreY + 4); y += 1) {
    for (let x = Math.max(0, centreX - 4); x <= Math.min(side - 1, centreX + 4); x += 1) {
      const ring = ringOf(x, y, centreX, centreY);
      modules[y * side + x] = ring === 2 || ring === 4 ? 0 : 1;
    }
  }
}

function paintAlignment(modules: Int8Array): void {
  for (let y = alignmentCentre - 2; y <= alignmentCentre + 2; y += 1) {
    for (let x = alignmentCentre - 2; x <= alignmentCentre + 2; x += 1) {
      modules[y * side + x] = ringOf(x, y, alignmentCentre, alignmentCentre) === 1 ? 0 : 1;
    }
  }
}

function paintTiming(modules: Int8Array): void {
  for (let place = 8; place < side - 8; place += 1) {
    modules[6 * side + place] = 1 - (place % 2);
    modules[place * side + 6] = 1 - (place % 2);
  }
}

/** Both copies of the format bits and the module that is always dark (ISO/IEC 18004, figure 25). */
function paintFormat(modules: Int8Array): void {
  const byTheFinder = [0, 1, 2, 3, 4, 5, 7, 8];
  for (let bit = 0; bit < 15; bit += 1) {
    const value = Number(formatBits.charAt(bit));
    const along = bit < 8 ? (byTheFinder[bit] ?? 0) : (byTheFinder[14 - bit] ?? 0);
    modules[bit < 8 ? 8 * side + along : along * side + 8] = value;
    const apart = bit < 7 ? (side - 1 - bit) * side + 8 : 8 * side + side - 15 + bit;
    modules[apart] = value;
  }
  modules[(side - 8) * side + 8] = 1;
}

function makeFixedModules(): Int8Array {
  const modules = new Int8Array(side * side).fill(carriesData);
  paintTiming(modules);
  paintFinder(modules, 3, 3);
  paintFinder(modules, side - 4, 3);
  paintFinder(modules, 3, side - 4);
  paintAlignment(modules);
  paintFormat(modules);
  return modules;
}

/**
 * What every marker has in common, row-major: finders with their separators, timing, alignment and format bits. Tells where a
 * marker lies to a fraction of a module, what dark and light are in this very picture, and how far a blur carries.
 */
export const fixedModules: Int8Array = makeFixedModules();
