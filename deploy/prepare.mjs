import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's directory, without a slash at its end. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Runs a program of the project to its end, with its words on stderr so that stdout stays the caller's.
 * Ends this process when the program fails.
 * @param {string} what what is being done, in the user's words
 * @param {string} command
 * @param {readonly string[]} args
 */
function must(what, command, args) {
  process.stderr.write(`${what} ...\n`);
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    // npm is a script on Windows.
    shell: process.platform === "win32" && command === "npm",
  });
  if (status === 0) return;
  process.stderr.write(`${what} failed${error === undefined ? "" : `: ${error.message}`}.\n`);
  process.exit(1);
}

/** Whether node_modules holds exactly what the lock file names; packages for other platforms may be absent. */
function isInstalled() {
  try {
    const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
    const here = JSON.parse(readFileSync(join(root, "node_modules/.package-lock.json"), "utf8")).packages;
    return Object.entries(wanted).every(
      ([path, { version, optional }]) =>
        path === "" || here[path]?.version === version || (optional === true && here[path] === undefined),
    );
  } catch {
    // No node_modules, or one that npm did not finish.
    return false;
  }
}

/** Installs the packages of the lock file unless they are there. */
export function install() {
  if (isInstalled()) return;
  must("Installing packages", "npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
}

/** When the newest of these files was changed, ms since the epoch; 0 when there is none. */
function newestMs(paths) {
  let newest = 0;
  const visit = (path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (stats.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
    else newest = Math.max(newest, stats.mtimeMs);
  };
  for (const path of paths) visit(join(root, path));
  return newest;
}

const outputs = ["dist/page/index.html", "dist/node/streamgauge.js"];
const sources = [
  "src",
  "public",
  "index.html",
  "package.json",
  "package-lock.json",
  "vite.config.ts",
  "vite.node.config.ts",
];

/** Compiles the quality kernels, which the page and the command load, unless they are there. */
export function compileKernels() {
  const script = join(root, "deploy/build-kernels.mjs");
  const { status } = spawnSync(process.execPath, [script], { stdio: ["ignore", 2, 2] });
  if (status !== 0) process.exit(1);
}

/** Builds page and command unless what stands in dist is newer than every source. */
export function build() {
  compileKernels();
  const oldestOutput = Math.min(...outputs.map((path) => newestMs([path])));
  if (oldestOutput > newestMs(sources)) return;
  const vite = [join(root, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"];
  must("Building the page", process.execPath, vite);
  must("Building the server", process.execPath, [...vite, "--config", "vite.node.config.ts"]);
}
