import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a control group has used of its processor time so far (Linux, Control Group v2, cpu.stat and cpu.max). */
export type QuotaUse = {
  readonly path: string;
  /** Cores that it may use: quota / period. */
  readonly coreCount: number;
  /** Processor time used, us. */
  readonly usedUs: number;
  /** Periods in which it was runnable, and those in which it was held back because its quota was used up. */
  readonly periodCount: number;
  readonly throttledCount: number;
};

const root = "/sys/fs/cgroup";

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // No Linux, no version 2, or no quota at this level.
    return "";
  }
}

function fieldOf(stat: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(stat)?.[1] ?? Number.NaN);
}

function useOf(path: string): readonly QuotaUse[] {
  const [, quotaUs, periodUs] = /^(\d+) (\d+)/.exec(textOf(join(path, "cpu.max"))) ?? [];
  const stat = textOf(join(path, "cpu.stat"));
  const use = {
    path,
    coreCount: Number(quotaUs) / Number(periodUs),
    usedUs: fieldOf(stat, "usage_usec"),
    periodCount: fieldOf(stat, "nr_periods"),
    throttledCount: fieldOf(stat, "nr_throttled"),
  };
  const { coreCount, usedUs, periodCount, throttledCount } = use;
  return [coreCount, usedUs, periodCount, throttledCount].every(Number.isFinite) && coreCount > 0
    ? [use]
    : [];
}

/**
 * Every quota that this process is under, its own group's and those above it; none without containers or limits.
 * @param groups where version 2 is mounted
 * @param self what `/proc/self/cgroup` says; the group of version 2 stands after `0::`
 */
export function readQuotas(
  groups: string = root,
  self: string = textOf("/proc/self/cgroup"),
): readonly QuotaUse[] {
  const own = /^0::(\/.*)$/m.exec(self)?.[1] ?? "/";
  const parts = own.split("/").filter((part) => part !== "" && part !== "..");
  return parts
    .map((_, index) => join(groups, ...parts.slice(0, index + 1)))
    .concat(groups)
    .flatMap(useOf);
}

/** How near a group was to its quota between two readings, the share of periods in which it was held back, or what it used of it: the worse. */
function ratioOf(before: QuotaUse, now: QuotaUse, tookMs: number): number {
  const periodCount = now.periodCount - before.periodCount;
  const throttled = periodCount > 0 ? (now.throttledCount - before.throttledCount) / periodCount : 0;
  const used = (now.usedUs - before.usedUs) / (tookMs * 1000 * now.coreCount);
  return Math.min(1, Math.max(0, throttled, used));
}

/** The worst of all quotas over a stretch of time; 0 where there is none. */
export function quotaRatio(before: readonly QuotaUse[], now: readonly QuotaUse[], tookMs: number): number {
  const ratios = now.flatMap((one) => {
    const earlier = before.find(({ path }) => path === one.path);
    return earlier === undefined || tookMs <= 0 ? [] : [ratioOf(earlier, one, tookMs)];
  });
  return Math.max(0, ...ratios);
}
