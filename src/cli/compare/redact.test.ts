import { expect, it } from "vitest";

import { checkPlan } from "../../core/plan/plan.ts";
import { createRedact } from "./redact.ts";

const environment = {
  PLAY_TOKEN: "s3cret+value",
  WHIP_URL: "https://ingest.test/whip/live_4711_abcdefgh?policy=p0licy%2Fx",
  SIZE: "1280x720",
  EMPTY: "",
};

function redactOf(providers: unknown) {
  const read = checkPlan({ name: "x", duration: "8 s", providers }, environment);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return createRedact(read.plan, environment);
}

const redact = redactOf({
  cdn: { play: { url: "https://cdn.test/live.m3u8?token=${PLAY_TOKEN}" } },
  out: { publish: { via: "whip", whip: "${WHIP_URL}", size: "${SIZE}", play: "https://cdn.test/whep" } },
});

it.each([
  [
    "https://cdn.test/live.m3u8?token=s3cret+value is gone",
    "https://cdn.test/live.m3u8?token=${PLAY_TOKEN} is gone",
  ],
  ["seg.ts?token=s3cret%2Bvalue", "seg.ts?token=${PLAY_TOKEN}"],
  [environment.WHIP_URL, "${WHIP_URL}"],
  ["ingest.test/whip/live_4711_abcdefgh", "${WHIP_URL}"],
  [
    "key live_4711_abcdefgh, policy p0licy/x or p0licy%2Fx",
    "key ${WHIP_URL}, policy ${WHIP_URL} or ${WHIP_URL}",
  ],
  ["a picture of 1280x720", "a picture of 1280x720"],
])("%j is written as %j", (text, written) => {
  expect(redact({ outcome: { where: [text] }, value: 1, none: null })).toEqual({
    outcome: { where: [written] },
    value: 1,
    none: null,
  });
});

it("names of the plan stay, though a secret be the same", () => {
  expect(redact({ provider: "s3cret+value" })).toEqual({ provider: "s3cret+value" });
});

it("a plan without secrets is written as it is", () => {
  const value = { why: "s3cret+value" };
  expect(redactOf({ a: { publish: {} } })(value)).toBe(value);
});
