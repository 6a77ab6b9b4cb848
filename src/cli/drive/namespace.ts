import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { reason, succeed, fail, type Result } from "../../core/failure.ts";

/** Runs a program and resolves with what it said on stdout; rejects with what it said on stderr. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>;

/** Runs a program of this machine. */
export const runProgram: RunProgram = (program, args) =>
  new Promise((resolve, reject) => {
    execFile(program, [...args], { timeout: 10_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(stderr.trim() === "" ? error.message : stderr.trim()));
    });
  });

/** A network of its own for one browser, joined to this machine's by one link that is shaped. Whoever opened it closes it. */
export type Namespace = {
  /** Address of this machine as the namespace sees it. */
  readonly hostAddress: string;
  /** Program that starts a browser within. */
  readonly wrapper: string;
  readonly close: () => Promise<void>;
};

/** What a namespace is made of. */
export type NamespaceOptions = {
  /** Arguments of `tc qdisc add dev ... root`, for what goes towards the browser, such as `netem delay 50ms`. */
  readonly qdisc: readonly string[];
  /** The browser, or what it is started by. */
  readonly browserPath: string;
  /** From 1: keeps the names and addresses of several at once apart. */
  readonly number: number;
  readonly run: RunProgram;
};

function namesOf(number: number): { readonly space: string; readonly outer: string; readonly inner: string } {
  const tag = `${process.pid.toString(36)}${number}`;
  return { space: `streamgauge-${tag}`, outer: `sg${tag}o`, inner: `sg${tag}i` };
}

/** A /30 of 198.18.0.0/15, which is kept for measuring networks (RFC 2544) and so meets no other. */
function addressesOf(number: number): { readonly outer: string; readonly inner: string } {
  const block = (process.pid * 16 + number) % 32_768;
  const base = (block * 4) % 131_072;
  const address = (offset: number): string => {
    const at = base + offset;
    return `198.${18 + Math.floor(at / 65_536)}.${Math.floor(at / 256) % 256}.${at % 256}`;
  };
  return { outer: address(1), inner: address(2) };
}

/** Makes a network namespace with one shaped link; needs root, `ip` and `tc` (Linux). Leaves nothing behind where it fails. */
export async function openNamespace(options: NamespaceOptions): Promise<Result<Namespace>> {
  const { run, qdisc } = options;
  const { space, outer, inner } = namesOf(options.number);
  const address = addressesOf(options.number);
  const directory = await mkdtemp(join(tmpdir(), "streamgauge-"));
  const close = async (): Promise<void> => {
    // The namespace takes its end of the link along, and that the other.
    await run("ip", ["netns", "delete", space]).catch(() => undefined);
    await run("ip", ["link", "delete", outer]).catch(() => undefined);
    await rm(directory, { recursive: true, force: true });
  };
  const within = ["netns", "exec", space, "ip"];
  try {
    await run("ip", ["netns", "add", space]);
    await run("ip", ["link", "add", outer, "type", "veth", "peer", "name", inner, "netns", space]);
    await run("ip", ["address", "add", `${address.outer}/30`, "dev", outer]);
    await run("ip", ["link", "set", outer, "up"]);
    await run("ip", [...within, "address", "add", `${address.inner}/30`, "dev", inner]);
    await run("ip", [...within, "link", "set", inner, "up"]);
    await run("ip", [...within, "link", "set", "lo", "up"]);
    await run("ip", [...within, "route", "add", "default", "via", address.outer]);
    // What leaves the outer end goes towards the browser.
    await run("tc", ["qdisc", "add", "dev", outer, "root", ...qdisc]);
    const wrapper = join(directory, "browser");
    await writeFile(wrapper, `#!/bin/sh\nexec ip netns exec ${space} ${quote(options.browserPath)} "$@"\n`);
    await chmod(wrapper, 0o755);
    return succeed({ hostAddress: address.outer, wrapper, close });
  } catch (error) {
    await close();
    return fail({
      kind: "unsupported",
      what: "Shaping the network in the kernel",
      where: `tc ${qdisc.join(" ")}`,
      next: "Run as root on a Linux whose kernel has sch_netem; the browser's own emulation is used meanwhile.",
      cause: reason(error),
    });
  }
}

function quote(path: string): string {
  return `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
