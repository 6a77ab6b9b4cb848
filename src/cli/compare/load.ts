import { cpus } from "node:os";

import { measured, missing } from "../../core/measured.ts";
import type { MachineLoad } from "../../core/runs/run.ts";
import { quotaRatio, readQuotas, type QuotaUse } from "./cgroup.ts";

/** How busy the machine is from now on, all programs included, or the container: the worse. Whoever began it ends it. */
export type LoadWatch = {
  /** Begins to count afresh. */
  readonly reset: () => void;
  readonly read: () => MachineLoad;
  readonly close: () => void;
};

/** Busier than this on average, sender, receiver and reader keep each other waiting: figures tell of the machine too. */
export const saturatedMeanRatio = 0.9;

type Ticks = {
  readonly busy: number;
  readonly all: number;
  readonly quotas: readonly QuotaUse[];
  readonly atMs: number;
};

function ticksNow(): Ticks {
  let [busy, all] = [0, 0];
  for (const { times } of cpus()) {
    const { user, nice, sys, irq, idle } = times;
    busy += user + nice + sys + irq;
    all += user + nice + sys + irq + idle;
  }
  return { busy, all, quotas: readQuotas(), atMs: performance.now() };
}

/** A container sees the cores of the whole machine, of which it may have few: its own quota tells. */
function ratioOf(before: Ticks, now: Ticks): number {
  const machine = (now.busy - before.busy) / (now.all - before.all);
  return Math.max(machine, quotaRatio(before.quotas, now.quotas, now.atMs - before.atMs));
}

/** Begins to watch, once a second. */
export function watchLoad(): LoadWatch {
  let last = ticksNow();
  let ratios: number[] = [];
  const timer = setInterval(() => {
    const now = ticksNow();
    if (now.all > last.all) ratios.push(ratioOf(last, now));
    last = now;
  }, 1000);
  timer.unref();
  return {
    reset: () => {
      last = ticksNow();
      ratios = [];
    },
    read: () => summarise(ratios),
    close: () => clearInterval(timer),
  };
}

/** Mean and maximum of the load of single seconds. */
export function summarise(ratios: readonly number[]): MachineLoad {
  if (ratios.length === 0) {
    const none = missing("less than a second was watched");
    return { meanRatio: none, maxRatio: none, isSaturated: false };
  }
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  return {
    meanRatio: measured(mean),
    maxRatio: measured(Math.max(...ratios)),
    isSaturated: mean > saturatedMeanRatio,
  };
}
