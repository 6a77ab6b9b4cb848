import { describe, expect, it } from "vitest";

import { toTableCsv } from "./table-file.ts";

describe("a table as CSV", () => {
  it("has a line for its columns and one for each row, and nothing where there is no figure", () => {
    const table = {
      columns: ["stream", "p50 ms"],
      rows: [
        ["direct", 84.6],
        ["CDN", null],
      ],
    };
    expect(toTableCsv(table)).toBe("stream,p50 ms\r\ndirect,84.6\r\nCDN,\r\n");
  });

  it.each([
    ['a "fast", one', '"a ""fast"", one"'],
    ["two\nlines", '"two\nlines"'],
    ["=1+1", "'=1+1"],
    ["-x", "'-x"],
  ])("writes the text %j so that it is read as that text", (text, field) => {
    expect(toTableCsv({ columns: ["name"], rows: [[text]] })).toBe(`name\r\n${field}\r\n`);
  });

  it("writes a figure below 0 as the figure", () => {
    expect(toTableCsv({ columns: ["ms"], rows: [[-3]] })).toBe("ms\r\n-3\r\n");
  });
});
