import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

import { root } from "../prepare.mjs";
import { refreshLists } from "../setup.mjs";

/** Where servers of others stand that are no programs of the system (e2e/peers/meetecho.ts): may be deleted at any time. */
const place = join(root, "node_modules/.cache/peers");

const recipe = join(root, "deploy/peers");
const lockFile = "package-lock.json";

/** Meetecho's WHIP server as Debian has it: https://packages.debian.org/bookworm/simple-whip-server */
const whipPackage = "simple-whip-server";

function succeeds(command, args, cwd) {
  return spawnSync(command, args, { cwd, stdio: ["ignore", 2, 2] }).status === 0;
}

function must(command, args, cwd) {
  if (!succeeds(command, args, cwd)) throw new Error(`${command} ${args.join(" ")} failed`);
}

/** npm's servers, as the lock file beside this script names them. */
function installFromNpm(folder) {
  for (const name of ["package.json", lockFile]) cpSync(join(recipe, name), join(folder, name));
  // What they would compile only makes them faster, but for one.
  must("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder);
  // The WHEP server loads its way to Janus by Unix sockets, a compiled one, also where it goes by WebSocket, as it does here.
  writeFileSync(
    join(folder, "node_modules/unix-dgram/lib/unix_dgram.js"),
    'exports.createSocket = () => {\n  throw new Error("not compiled: use a WebSocket");\n};\n',
  );
}

/**
 * Debian's package is unpacked, not installed: it wants Debian's own Node, which cannot stand beside another one, and runs on
 * the one that is here.
 */
function unpackFromDebian(folder) {
  const download = ["apt-get", ["download", "-qq", whipPackage], folder];
  if (!succeeds(...download)) {
    refreshLists();
    must(...download);
  }
  const file = readdirSync(folder).find((name) => name.endsWith(".deb"));
  must("dpkg-deb", ["-x", file, "debian"], folder);
}

/** Whether what is there is what the lock file names; it is only there whole. */
function isInstalled() {
  const here = join(place, lockFile);
  return existsSync(here) && readFileSync(here, "utf8") === readFileSync(join(recipe, lockFile), "utf8");
}

/** Brings the servers of others that are no programs of the system, unless they are there. Throws when it cannot. */
export function installPeers() {
  if (isInstalled()) return;
  process.stderr.write("Installing servers of others ...\n");
  mkdirSync(dirname(place), { recursive: true });
  const folder = mkdtempSync(`${place}-`);
  try {
    installFromNpm(folder);
    unpackFromDebian(folder);
    rmSync(place, { recursive: true, force: true });
    renameSync(folder, place);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
