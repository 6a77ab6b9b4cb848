import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { quotaRatio, readQuotas } from "./cgroup.ts";

let groups = "";
beforeEach(() => {
  groups = mkdtempSync(join(tmpdir(), "streamgauge-cgroup-"));
});
afterEach(() => rmSync(groups, { recursive: true, force: true }));

function put(path: string, max: string, usedUs: number, periodCount = 0, throttledCount = 0): void {
  mkdirSync(join(groups, path), { recursive: true });
  writeFileSync(join(groups, path, "cpu.max"), `${max}\n`);
  const stat = `usage_usec ${usedUs}\nuser_usec 1\nnr_periods ${periodCount}\nnr_throttled ${throttledCount}\nthrottled_usec 5\n`;
  writeFileSync(join(groups, path, "cpu.stat"), stat);
}

it("a container's quota counts, not the cores of the machine that it is on", () => {
  put("", "200000 100000", 1_000_000);
  const before = readQuotas(groups, "0::/\n");
  put("", "200000 100000", 2_800_000);
  expect(quotaRatio(before, readQuotas(groups, "0::/\n"), 1000)).toBeCloseTo(0.9, 9);
});

it("a group that is held back in most periods is busy, however little it used", () => {
  put("pod/box", "50000 100000", 0, 100, 10);
  put("pod", "max 100000", 0);
  const self = "9:name=systemd:/\n0::/pod/box\n";
  const before = readQuotas(groups, self);
  put("pod/box", "50000 100000", 100_000, 110, 19);
  expect(before).toHaveLength(1);
  expect(quotaRatio(before, readQuotas(groups, self), 1000)).toBeCloseTo(0.9, 9);
});

it("there is nothing to say of a machine without quotas", () => {
  expect(readQuotas(groups, "")).toEqual([]);
  expect(quotaRatio([], [], 1000)).toBe(0);
});
