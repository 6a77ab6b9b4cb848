import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { planJsonSchema } from "./plan-schema.ts";

const root = join(import.meta.dirname, "..");
const path = join(root, "public/plan.schema.json");
writeFileSync(path, JSON.stringify(planJsonSchema()));
spawnSync(process.execPath, [join(root, "node_modules/oxfmt/bin/oxfmt"), path], { stdio: "inherit" });
