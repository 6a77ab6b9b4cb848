import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = join(root, "src/core/quality/kernels");
const target = join(root, "src/core/quality/kernels-wasm");
const stamp = join(target, "stamp");
const kinds = ["simd", "scalar"];

/** What the built files depend on: their sources, and the compiler. */
function fingerprint() {
  const hash = createHash("sha256");
  for (const name of readdirSync(sources).toSorted()) {
    hash.update(name).update(readFileSync(join(sources, name)));
  }
  hash.update(readFileSync(join(root, "node_modules/assemblyscript/package.json")));
  return hash.digest("hex");
}

function isBuilt(print) {
  return (
    kinds.every((kind) => existsSync(join(target, `${kind}.wasm`))) &&
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === print
  );
}

/** Compiles one kind beside its place and then moves it there, so that no reader meets half a file. */
function compile(kind) {
  const part = join(target, `${kind}.${process.pid}.part.wasm`);
  const args = ["--config", "asconfig.json", "--target", kind, "--outFile", part];
  return new Promise((resolve, reject) => {
    const asc = join(root, "node_modules/assemblyscript/bin/asc.js");
    const child = spawn(process.execPath, [asc, ...args], { cwd: sources, stdio: ["ignore", 2, 2] });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) {
        reject(new Error(`the ${kind} kernels do not compile`));
        return;
      }
      renameSync(part, join(target, `${kind}.wasm`));
      resolve();
    });
  });
}

/** Compiles the quality kernels to WebAssembly unless what stands there was made of the same sources. */
export async function buildKernels() {
  const print = fingerprint();
  if (isBuilt(print)) return;
  process.stderr.write("Compiling the quality kernels ...\n");
  mkdirSync(target, { recursive: true });
  await Promise.all(kinds.map(compile));
  writeFileSync(stamp, print);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await buildKernels();
