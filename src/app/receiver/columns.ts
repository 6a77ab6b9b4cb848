/** Width under which a column of panels is too narrow for its figures, and the room between two columns, CSS px. */
const leastColumnPx = 304;
const gapPx = 12;

/** How many columns of panels stand side by side. */
export function columnCountOf(widthPx: number): number {
  return Math.max(1, Math.floor((widthPx + gapPx) / (leastColumnPx + gapPx)));
}

/**
 * Parts a list into columns that are read one after the other, so that the tallest is as low as the order allows.
 * @param heightOf in any unit
 */
export function toColumns<Item>(
  items: readonly Item[],
  heightOf: (item: Item) => number,
  columnCount: number,
): readonly (readonly Item[])[] {
  const heights = items.map(heightOf);
  const limits = heights
    .flatMap((_, from) => heights.slice(from).map((__, index) => sum(heights.slice(from, from + index + 1))))
    .toSorted((a, b) => a - b);
  for (const limit of limits) {
    const columns = fill(items, heightOf, limit);
    if (columns.length <= columnCount) return columns;
  }
  return [];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Columns no taller than a limit; what is taller by itself has one of its own. */
function fill<Item>(
  items: readonly Item[],
  heightOf: (item: Item) => number,
  limit: number,
): readonly (readonly Item[])[] {
  const columns: Item[][] = [];
  let height = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const column = columns.at(-1);
    height += heightOf(item);
    if (column !== undefined && height <= limit) {
      column.push(item);
      continue;
    }
    columns.push([item]);
    height = heightOf(item);
  }
  return columns;
}
