import { describe, expect, it } from "vitest";

import { fetchSvrModel, isModelAddress, type ModelAnswer } from "./model-address.ts";
import { smallModel } from "./small-model.fake.ts";
import { LARGEST_MODEL_CHARS } from "./svr-model.ts";

const model = JSON.stringify(smallModel);
const url = "https://me:secret@models.example/vmaf/small.json?token=secret";

/** An answer in pieces; how many were taken, and whether it was ended. */
function answerOf(pieces: Iterable<string>, status = 200) {
  const rest = pieces[Symbol.iterator]();
  const seen = { takenCount: 0, isEnded: false };
  const answer: ModelAnswer = {
    status,
    next: async () => {
      const { done, value } = rest.next() as { readonly done?: boolean; readonly value: string };
      seen.takenCount += 1;
      return done === true ? null : value;
    },
    end: () => {
      seen.isEnded = true;
    },
  };
  return { seen, fetch: { get: async () => answer, unreachableNext: "Check the network." } };
}

function named(name: string): Error {
  return Object.assign(new Error("no answer"), { name });
}

describe("a model's address", () => {
  it.each([
    ["https://models.example/a.json", true],
    ["HTTP://models.example/a.json", true],
    ["file:///a.json", false],
    ["models/https://a.json", false],
  ])("%s: %s", (words, isOne) => expect(isModelAddress(words)).toBe(isOne));

  it("gives the model, under the file's name", async () => {
    const { fetch, seen } = answerOf([model.slice(0, 50), model.slice(50)]);
    expect(await fetchSvrModel(url, fetch)).toMatchObject({ value: { name: "small.json", gamma: 2 } });
    expect(seen.isEnded).toBe(true);
  });

  it("that pours out more than any model holds is taken no further", async () => {
    function* endless() {
      for (;;) yield "x".repeat(1_000_000);
    }
    const { fetch, seen } = answerOf(endless());
    expect(await fetchSvrModel(url, fetch)).toMatchObject({ failure: { kind: "refused-input" } });
    expect(seen.takenCount).toBeLessThanOrEqual(LARGEST_MODEL_CHARS / 1_000_000 + 2);
    expect(seen.isEnded).toBe(true);
  });

  it.each([
    ["no file there", answerOf([], 404).fetch, "unreachable", "HTTP status 404"],
    ["no model there", answerOf(["<html>"]).fetch, "refused-input", "JSON"],
    [
      "nobody answers",
      { get: () => Promise.reject(named("TypeError")), unreachableNext: "Check the network." },
      "unreachable",
      "no answer",
    ],
    [
      "an answer that takes for ever",
      { get: () => Promise.reject(named("TimeoutError")), unreachableNext: "" },
      "timed-out",
      "20 s",
    ],
  ])("with %s is refused in words, without its secrets", async (_words, fetch, kind, cause) => {
    const result = await fetchSvrModel(url, fetch);
    expect(result).toMatchObject({ failure: { kind, cause: expect.stringContaining(cause) as string } });
    expect(JSON.stringify(result)).not.toContain("secret");
  });
});
