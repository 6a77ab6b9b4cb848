import * as fc from "fast-check";
import { expect, it } from "vitest";

import { columnCountOf, toColumns } from "./columns.ts";

const itself = (height: number): number => height;

it.each([
  [330, 1],
  [700, 2],
  [1416, 4],
])("puts panels of %i px in %i columns", (widthPx, count) => {
  expect(columnCountOf(widthPx)).toBe(count);
});

it("keeps the reading order and balances the columns", () => {
  expect(toColumns([9, 11, 8, 7, 5], itself, 3)).toEqual([[9], [11, 8], [7, 5]]);
});

it("never loses a panel, never makes more columns than there is room for, and none taller than must be", () => {
  const heights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(heights, fc.integer({ min: 1, max: 5 }), (list, count) => {
      const columns = toColumns(list, itself, count);
      expect(columns.flat()).toEqual(list);
      expect(columns.length).toBeLessThanOrEqual(count);
      const total = list.reduce((all, height) => all + height, 0);
      const tallest = Math.max(...columns.map((column) => column.reduce((all, height) => all + height, 0)));
      expect(tallest).toBeLessThanOrEqual(Math.ceil(total / count) + Math.max(...list));
    }),
  );
});
