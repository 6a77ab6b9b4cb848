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

function wordsOf({ delayMs, jitterMs, lossRatio, rateKbps }: NetworkConditions): readonly string[] {
  const parts = [
    delayMs === null ? "" : `delay ${delayMs} ms`,
    jitterMs === null ? "" : `jitter ${jitterMs} ms`,
    lossRatio === null ? "" : `loss ${Number((lossRatio * 100).toPrecision(4))} %`,
    rateKbps === null ? "" : `rate ${rateKbps} kbit/s`,
  ];
  return parts.filter((part) => part !== "");
}

/** Conditions in words, such as `delay 50 ms, by the browser; not made: loss 1 %`. */
export function showConditions({ asked, made = asked, by }: AppliedConditions): string {
  if (by === "none") return "the network as it is";
  const done = wordsOf(made);
  const left = wordsOf(asked).filter((words) => !done.includes(words));
  const parts = done.length === 0 ? "the network as it is" : [...done, makers[by]].join(", ");
  return left.length === 0 ? parts : `${parts}; not made: ${left.join(", ")}`;
}

/** What the conditions of these runs could not do or do not reach, each once. */
export function limitsOf(runs: readonly { readonly conditions: AppliedConditions }[]): readonly string[] {
  return [...new Set(runs.flatMap(({ conditions }) => conditions.limits))];
}
