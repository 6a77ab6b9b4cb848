import { describe, expect, it } from "vitest";

import { toFigureTable, toTableCsv } from "./table-file.ts";

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

  it("has a row for each named figure", () => {
    const rows = [
      { label: "sent", figure: { known: true, value: "30.0", bound: "0.1", unit: "fps" } },
      { label: "offset", figure: { known: true, value: "−0.5", bound: null, unit: "ms" } },
      { label: "picture", figure: { known: true, value: "640×360", bound: null, unit: "px" } },
      { label: "dropped", figure: { known: false, why: "this way does not tell" } },
    ] as const;
    expect(toTableCsv(toFigureTable(rows))).toBe(
      "figure,value,bound,unit\r\nsent,30,0.1,fps\r\noffset,-0.5,,ms\r\npicture,640×360,,px\r\ndropped,,,\r\n",
    );
  });

  it("writes a figure below 0 as the figure", () => {
    expect(toTableCsv({ columns: ["ms"], rows: [[-3]] })).toBe("ms\r\n-3\r\n");
  });
});
