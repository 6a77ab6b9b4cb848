import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { requireNode } from "./node-version.mjs";
import { build, install, root } from "./prepare.mjs";

requireNode();
install();
build();

// Runs the plan that needs nothing but this project; options are handed on to streamgauge compare.
const command = join(root, "dist/node/streamgauge.js");
process.argv = [
  process.argv[0],
  command,
  "compare",
  join(root, "bench/plans/demo.yaml"),
  ...process.argv.slice(2),
];
await import(pathToFileURL(command).href);
