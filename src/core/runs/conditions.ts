import type { AppliedConditions, ConditionMaker, NetworkConditions } from "./run.ts";

/** Whether conditions leave the network as it is. */
export function changesNothing({ delayMs, jitterMs, lossRatio, rateKbps }: NetworkConditions): boolean {
  return [delayMs, jitterMs, lossRatio, rateKbps].every((one) => one === null || one === 0);
}

const makers: Readonly<Record<ConditionMaker, string>> = {
  netem: "by netem in the kernel",
  browser: "by the browser",
  none: "",
};

/** Conditions in words, such as `delay 50 ms, loss 1 %, by the browser`. */
export function showConditions({ asked, by }: AppliedConditions): string {
  if (by === "none") return "the network as it is";
  const { delayMs, jitterMs, lossRatio, rateKbps } = asked;
  const parts = [
    delayMs === null ? "" : `delay ${delayMs} ms`,
    jitterMs === null ? "" : `jitter ${jitterMs} ms`,
    lossRatio === null ? "" : `loss ${Number((lossRatio * 100).toPrecision(4))} %`,
    rateKbps === null ? "" : `rate ${rateKbps} kbit/s`,
    makers[by],
  ];
  return parts.filter((part) => part !== "").join(", ");
}
