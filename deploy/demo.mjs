import { join } from "node:path";

import { root } from "./prepare.mjs";

// Runs the plan that needs nothing but this project; options are handed on to streamgauge compare.
process.argv.splice(2, 0, "compare", join(root, "bench/plans/demo.yaml"));
await import("./streamgauge.mjs");
