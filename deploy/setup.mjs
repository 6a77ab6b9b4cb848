import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { requireNode } from "./node-version.mjs";

/** Debian keeps each version's programs in a place of its own, out of PATH. */
function postgresPrograms(name) {
  const place = "/usr/lib/postgresql";
  return existsSync(place) ? readdirSync(place).map((version) => join(place, version, "bin", name)) : [];
}

/** Its programs are not in the PATH of every user. */
const nginx = { pack: "nginx", names: () => ["nginx", "/usr/sbin/nginx"], service: "nginx" };

/** Programs the tests drive: Debian's package, the names it goes by, what for, and the service it comes with. */
const programs = [
  {
    pack: "chromium",
    names: () => ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    use: "the browser tests",
  },
  { pack: "firefox-esr", names: () => ["firefox-esr", "firefox"], use: "the browser tests in Firefox" },
  { pack: "ffmpeg", names: () => ["ffmpeg"], use: "the marker under real encoders" },
  { pack: "coturn", names: () => ["turnserver"], use: "relayed connections", service: "coturn" },
  {
    pack: "postgresql",
    names: () => ["initdb", ...postgresPrograms("initdb")],
    use: "runs in a PostgreSQL server",
    service: "postgresql",
  },
  { ...nginx, use: "HLS put to and played from nginx" },
];

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isHere({ names, file }) {
  if (file !== undefined) return existsSync(file);
  const places = (process.env.PATH ?? "").split(delimiter);
  return names().some((name) => places.some((place) => isExecutable(resolve(place, name))));
}

/** How to run something as root here without being asked for a password; null when that cannot be. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0 ? ["sudo", "-n"] : null;
}

function runAsRoot(prefix, args) {
  const [command, ...rest] = [...prefix, ...args];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(command, rest, { stdio: ["ignore", 2, 2], env }).status === 0;
}

/**
 * Runs a command while no package may start a service: the tests start their own, on ports of their own. A policy that the
 * machine has stays (invoke-rc.d(8)).
 */
const withoutServices = `policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\\nexit 101\\n' >"$policy"
  chmod 755 "$policy"
fi
"$@"`;

/** Brings the lists of Debian's packages up to date, where that goes without a password: they may be old or absent, as in a fresh container. */
export function refreshLists() {
  const prefix = rootPrefix();
  if (prefix !== null) runAsRoot(prefix, ["apt-get", "update", "-qq"]);
}

function installByApt(wanted) {
  if (spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status !== 0) return;
  const prefix = rootPrefix();
  if (prefix === null) return;
  const packs = wanted.map(({ pack }) => pack);
  process.stderr.write(`Installing ${packs.join(", ")} ...\n`);
  const apt = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", ...packs];
  const install = ["sh", "-c", withoutServices, "sh", ...apt];
  if (!runAsRoot(prefix, install)) {
    refreshLists();
    runAsRoot(prefix, install);
  }
  // Nor at the next start of a machine that did not have them before.
  const services = wanted.flatMap(({ service }) => (service === undefined ? [] : [service]));
  if (services.length > 0 && existsSync("/run/systemd/system"))
    runAsRoot(prefix, ["systemctl", "disable", "--quiet", ...services]);
}

/** Servers of others that `npm run test:peers` measures; a module is no program, but a file. */
export const peers = [
  {
    pack: "libnginx-mod-rtmp",
    names: () => ["nginx's RTMP module"],
    file: "/usr/lib/nginx/modules/ngx_rtmp_module.so",
    use: "RTMP of nginx",
  },
  { pack: "janus", names: () => ["janus"], use: "WebRTC of Janus" },
  { pack: "slurm-wlm", names: () => ["sbatch"], use: "a plan spread over a cluster" },
];

/**
 * Sees to it that the programs the tests need are on this machine, as far as that goes without a password.
 * @param {{ readonly check: boolean, readonly more?: typeof peers }} options `check` only looks; `more` is needed beside the tests' own
 * @returns {boolean} whether all are there
 */
export function setUp({ check, more = [] }) {
  const missing = [...programs, ...more].filter((program) => !isHere(program));
  if (missing.length > 0 && !check) installByApt(missing);
  const still = missing.filter((program) => !isHere(program));
  for (const { pack, names, use } of still) {
    process.stderr.write(`Missing: ${pack} (${names().join(" or ")}), for ${use}.\n`);
  }
  if (still.length > 0) {
    process.stderr.write(
      `Install them with your system's package manager; on Debian: apt install ${still.map(({ pack }) => pack).join(" ")}\n`,
    );
  }
  return still.length === 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  requireNode();
  if (!setUp({ check: process.argv.includes("--check") })) process.exitCode = 1;
}
