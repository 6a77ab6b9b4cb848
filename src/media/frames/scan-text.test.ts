import { expect, it } from "vitest";

import { joinInText } from "./scan-text.ts";

it.each([
  ["https://192.168.1.20:8443/receiver?join=7K3MQ9TD&start=1", "7K3MQ9TD"],
  ["http://localhost:8080/receiver?buffer=0&join=7k3m-q9td", "7K3MQ9TD"],
  ["7k3m-q9td", "7K3MQ9TD"],
  ["https://example.org/", null],
  ["https://example.org/other?join=7K3MQ9TD", null],
  ["https://h/receiver?join=nope", null],
  ["1000000000000000000000000000000000", null],
  ["", null],
])("finds the join code in %s", (text, join) => {
  expect(joinInText(text)).toBe(join);
});
