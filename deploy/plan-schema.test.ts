import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { planJsonSchema } from "./plan-schema.ts";

it("editors check plans by the same schema as the command does (npm run schema writes it)", () => {
  const published = readFileSync(join(import.meta.dirname, "../public/plan.schema.json"), "utf8");
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(planJsonSchema())));
});
