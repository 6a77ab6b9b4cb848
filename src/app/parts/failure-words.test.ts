import { expect, it } from "vitest";

import { failureTitle } from "./failure-words.ts";

it.each([
  ["reading the join code", "Reading the join code: was refused"],
  ["The camera was refused", "The camera was refused"],
])("makes a headline of %s", (what, title) => {
  expect(failureTitle({ kind: "refused-input", what, where: "here", next: "Try again." })).toBe(title);
});
