import { expect, it } from "vitest";

import { failureOfDatabase, isDataFault } from "./database-failure.ts";

function errorOf(code: string, message = "no"): Error {
  return Object.assign(new Error(message), { code });
}

it.each([
  ["57014", "timed-out"],
  ["40P01", "timed-out"],
  ["40001", "timed-out"],
  ["25006", "denied"],
  ["42501", "denied"],
  ["28P01", "denied"],
  ["53300", "unreachable"],
  ["08006", "unreachable"],
  ["ECONNREFUSED", "unreachable"],
  ["53100", "denied"],
] as const)("error %s passes: it is told as %s, and no data is blamed", (code, kind) => {
  expect(failureOfDatabase(errorOf(code), "here")).toMatchObject({ kind, where: "here" });
  expect(isDataFault(errorOf(code))).toBe(false);
});

it.each(["22021", "22P05", "23505", "54001"])("error %s is the data's own", (code) => {
  expect(isDataFault(errorOf(code, 'the name "closed" timed out'))).toBe(true);
  expect(failureOfDatabase(errorOf(code, 'the name "closed" timed out'), "here")).toBeNull();
});

it("what no database has told is a bug", () => {
  expect(failureOfDatabase(new TypeError("x is undefined"), "here")).toBeNull();
  expect(isDataFault(new TypeError("x is undefined"))).toBe(false);
});
