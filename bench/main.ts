import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";

import type { Bench } from "./bench-type.ts";
import { showResult } from "./parts/show-result.ts";

const notBenches = new Set(["main.ts", "bench-type.ts"]);

function benchNames(): readonly string[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !notBenches.has(file))
    .map((file) => file.slice(0, -3))
    .toSorted();
}

async function load(name: string): Promise<Bench> {
  const { bench } = (await import(`./${name}.ts`)) as { readonly bench: Bench };
  return bench;
}

/** What a number has to be read with. */
function machine(): Readonly<Record<string, unknown>> {
  return { cpu: cpus()[0]?.model ?? "unknown", coreCount: cpus().length, node: process.versions.node };
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

const { values, positionals } = parseArgs({
  options: {
    json: { type: "boolean" },
    quick: { type: "boolean" },
    minutes: { type: "string" },
    help: { type: "boolean" },
  },
  allowPositionals: true,
});
const known = benchNames();
const unknown = positionals.filter((name) => !known.includes(name));
const help = `npm run bench [-- NAME ...] [--json] [--quick] [--minutes N]\n  Benchmarks: ${known.join(", ") || "none"}`;

const minutes = values.minutes === undefined ? null : Number(values.minutes);

if (values.help === true) {
  process.stdout.write(`${help}\n`);
} else if (minutes !== null && !(minutes > 0)) {
  process.stderr.write(`--minutes is a number over 0, such as 12.\n${help}\n`);
  process.exitCode = 2;
} else if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(", ")}.\n${help}\n`);
  process.exitCode = 2;
} else {
  const results: Record<string, unknown> = {};
  for (const name of positionals.length > 0 ? positionals : known) {
    const bench = await load(name);
    progress(`${name}: ${bench.about}`);
    const result = await bench.run({ quick: values.quick === true, minutes, progress });
    results[name] = result;
    if (values.json !== true) process.stdout.write(`${showResult(bench, result)}\n`);
  }
  if (values.json === true) {
    const only = positionals.length === 1 ? (results[positionals[0] ?? ""] as object) : results;
    process.stdout.write(`${JSON.stringify({ machine: machine(), ...only })}\n`);
  }
}
