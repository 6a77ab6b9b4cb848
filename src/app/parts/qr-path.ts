import type { ModuleGrid } from "../../core/marker/qr.ts";

/** Light modules around a QR (ISO/IEC 18004, 5.3.8). */
export const quietModules = 4;

/** The dark modules as one SVG path, a run of neighbours per segment, quiet zone included in the coordinates. */
export function modulePath(modules: ModuleGrid): string {
  const { sideCount, dark } = modules;
  const segments: string[] = [];
  for (let row = 0; row < sideCount; row++) {
    let column = 0;
    while (column < sideCount) {
      const begin = column;
      while (column < sideCount && dark[row * sideCount + column] === 1) column++;
      const width = column - begin;
      if (width > 0) segments.push(`M${begin + quietModules} ${row + quietModules}h${width}v1h-${width}z`);
      else column++;
    }
  }
  return segments.join("");
}
