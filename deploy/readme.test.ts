import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { receiverKeys } from "../src/core/wire/receiver-setup.ts";
import { senderKeys } from "../src/core/wire/setup.ts";

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");

/** First cells of the rows of the table whose head begins with a word. */
function firstCells(head: string): readonly string[] {
  const lines = readme.split("\n");
  const from = lines.findIndex((line) => new RegExp(`^\\| ${head} +\\|`).test(line));
  const rows = lines.slice(from + 2);
  const length = rows.findIndex((line) => !line.startsWith("|"));
  return rows.slice(0, length).map((row) => /^\| `(\w+)`/.exec(row)?.[1] ?? row);
}

describe("the README", () => {
  it.each([
    ["sender", senderKeys],
    ["receiver", receiverKeys],
  ] as const)("lists the %s's keys, all of them and no other", (head, keys) => {
    expect(firstCells(head)).toEqual(keys.map(({ key }) => key));
  });
});
