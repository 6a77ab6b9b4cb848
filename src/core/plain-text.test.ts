import { array, assert, constantFrom, property, string } from "fast-check";
import { expect, it } from "vitest";

import { isPlainLine, isPlainText, isStorableJson, stringifyStorable } from "./plain-text.ts";

it.each([
  ["Größe 5 % 🎥", true, true],
  ["two\nlines\tand more", false, true],
  ["NUL \0", false, false],
  ["a coloured \u001B[31m word", false, false],
  ["C1 \u0085", false, false],
  ["half a pair \uD83C", false, false],
])("%j is one plain line: %s, plain text: %s", (text, isLine, isText) => {
  expect([isPlainLine(text), isPlainText(text)]).toEqual([isLine, isText]);
});

it.each([
  [String.raw`{"why":"a \\u0000 in words"}`, true],
  [String.raw`{"why":"\u0000"}`, false],
  [String.raw`{"\u0000":1}`, false],
  [String.raw`["\ud83c\udfa5", "\u001b[2m"]`, true],
  [String.raw`["\ud83c"]`, false],
])("databases can hold %s: %s", (json, isGood) => {
  expect(isStorableJson(json)).toBe(isGood);
});

it("what is written to be stored can be, and nothing else of it changes", () => {
  const texts = string({ unit: constantFrom("a", "\0", "\uD83C", "\uDFA5", "\\", "u0000", "🎥", "\n") });
  assert(
    property(array(texts), (words) => {
      const json = stringifyStorable({ words });
      const { words: back } = JSON.parse(json) as { readonly words: readonly string[] };
      const isSame = words.every((word, at) => word.replaceAll(/[\0\p{Cs}]/gu, "\uFFFD") === back[at]);
      expect(isSame && isStorableJson(json)).toBe(true);
    }),
    { numRuns: 30 },
  );
});
