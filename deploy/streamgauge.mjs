#!/usr/bin/env node
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { requireNode } from "./node-version.mjs";
import { build, install, root } from "./prepare.mjs";

// What `npx streamgauge` runs: a fresh clone has this file, but neither packages nor anything built.
requireNode();
install();
build();

await import(pathToFileURL(join(root, "dist/node/streamgauge.js")).href);
