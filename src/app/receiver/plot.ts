/** Width of the column left of every plot, for the y axis, CSS px. The same for all, so that their time axes stand in line. */
export const axisWidthPx: number = 52;
/** Room right of every plot, CSS px. */
export const rightMarginPx: number = 14;

/** Ticks of a time axis that ends now: seconds before now. */
export function timeTicksS(windowMin: 1 | 5 | 30): readonly number[] {
  const stepS = (windowMin * 60) / 6;
  return Array.from({ length: 7 }, (_, index) => (index - 6) * stepS);
}

/** A tick's label: `now`, `−30 s`, `−5 min`. */
export function timeTickWords(tS: number): string {
  if (tS === 0) return "now";
  return Math.abs(tS) <= 60 || tS % 60 !== 0 ? `−${-tS} s` : `−${-tS / 60} min`;
}

/** Where an instant lies across a plot of the whole width, CSS px from the left of the picture. */
export function timeToX(tS: number, windowMin: number, widthPx: number): number {
  const plotPx = Math.max(0, widthPx - axisWidthPx - rightMarginPx);
  return axisWidthPx + (1 + tS / (windowMin * 60)) * plotPx;
}
