import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { build, root } from "./prepare.mjs";

const budgetPath = join(root, "bench/size-budget.json");
/** How far over its budget a part may grow unremarked. */
const toleranceRatio = 0.02;
const page = join(root, "dist/page");

build();
const manifest = JSON.parse(readFileSync(join(page, ".vite/manifest.json"), "utf8"));

/** Bytes of a built file as the server sends it: the build lays a brotli copy beside it. */
function bytesOf(file) {
  return statSync(join(page, `${file}.br`)).size;
}

/** Every file that has to arrive before the chunk can run. */
function filesOf(key, seen = new Set()) {
  const chunk = manifest[key];
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const style of chunk.css ?? []) seen.add(style);
  for (const needed of chunk.imports ?? []) filesOf(needed, seen);
  return seen;
}

/** Parts a person waits for: the page itself, each lazily loaded road or tab on top of it, and everything else together. */
function measure() {
  const first = filesOf("index.html");
  const counted = new Set(first);
  const parts = { "index.html": [...first] };
  for (const [key, chunk] of Object.entries(manifest)) {
    if (!chunk.isDynamicEntry) continue;
    const more = [...filesOf(key)].filter((file) => !first.has(file));
    parts[chunk.src ?? chunk.name ?? key] = more;
    for (const file of more) counted.add(file);
  }
  for (const name of readdirSync(join(page, "assets"))) {
    const file = `assets/${name}`;
    if (counted.has(file) || /\.(?:map|br)$/.test(name)) continue;
    // The hash in a name changes with every build.
    parts[basename(name).replace(/-[\w-]{8}(?=\.\w+$)/, "")] = [file];
  }
  return Object.fromEntries(
    Object.entries(parts).map(([name, files]) => [name, files.reduce((sum, file) => sum + bytesOf(file), 0)]),
  );
}

const sizes = measure();
if (process.argv.includes("--write")) {
  writeFileSync(budgetPath, `${JSON.stringify(sizes, null, 2)}\n`);
  process.exit();
}
const budget = JSON.parse(readFileSync(budgetPath, "utf8"));
const complaints = Object.entries(sizes).flatMap(([name, bytes]) => {
  const allowed = budget[name];
  if (allowed === undefined) return [`${name}: ${bytes} bytes, and no budget`];
  return bytes > allowed * (1 + toleranceRatio) ? [`${name}: ${bytes} bytes, budget ${allowed}`] : [];
});
if (complaints.length > 0) {
  process.stdout.write(
    `Larger than bench/size-budget.json allows (brotli):\n${complaints.join("\n")}\n` +
      "If it is worth it: node deploy/check-size.mjs --write, in the change that grows it.\n",
  );
  process.exitCode = 1;
}
