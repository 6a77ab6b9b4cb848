import { toJsonSchema, type JsonSchema } from "@valibot/to-json-schema";

import { planDocumentSchema } from "../src/core/plan/document.ts";

/** The JSON Schema of plans, for editors: made from the schema by which plans are checked. */
export function planJsonSchema(): JsonSchema {
  const schema = toJsonSchema(planDocumentSchema, {
    typeMode: "input",
    ignoreActions: ["transform", "check"],
  });
  return { $schema: "http://json-schema.org/draft-07/schema#", title: "Streamgauge plan", ...schema };
}
