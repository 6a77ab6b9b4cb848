import { missing, measured } from "../../core/measured.ts";
import type { StoredRun } from "../../core/wire/runs.ts";
import { toDateTime, toElapsed, toFigure, toPercent, toKnown, toText } from "../parts/format.ts";
import type { Row } from "../parts/Readouts.tsx";
import { stateFaces } from "./view.ts";

function textRow(label: string, text: string | null, why = "not told"): Row {
  return { label, figure: toText(text === "" ? null : text, why) };
}

/** What and when a run was. */
export function toRunRows({ comparison, head, end, state }: StoredRun): readonly Row[] {
  const { words, tone } = stateFaces[state];
  const tookMs = end === null ? null : (end.endedAtUs - head.startedAtUs) / 1000;
  return [
    { label: "State", tone, figure: toKnown(words) },
    textRow("Comparison", comparison.name),
    textRow("Began", toDateTime(head.startedAtUs)),
    textRow("Took", tookMs === null ? null : toElapsed(tookMs), "it is still measured"),
    textRow("Run of its plan", `${head.number}, repeat ${head.repeat}, attempt ${head.attempt}`),
    ...head.settings.map(({ key, value }) => textRow(key, value)),
  ];
}

/** Under which conditions of the network. */
export function toConditionRows({ head: { conditions } }: StoredRun): readonly Row[] {
  const { asked, by, limits } = conditions;
  const left = "left alone";
  const orLeft = (value: number | null) => (value === null ? missing(left) : measured(value));
  return [
    textRow("Conditions", asked.name),
    textRow("Made by", by === "none" ? null : by, "nothing was changed"),
    { label: "Delay", figure: toFigure(orLeft(asked.delayMs), "ms", 0) },
    { label: "Jitter", figure: toFigure(orLeft(asked.jitterMs), "ms", 0) },
    { label: "Loss", figure: toPercent(orLeft(asked.lossRatio), 2) },
    { label: "Rate", figure: toFigure(orLeft(asked.rateKbps), "kbit/s", 0) },
    ...limits.map((limit) => textRow("Limit", limit)),
  ];
}

/** On what it was measured. */
export function toMachineRows({ head: { machine }, end }: StoredRun): readonly Row[] {
  const load = end?.load;
  const memoryGb = machine.memoryBytes / 1e9;
  return [
    textRow("Host", machine.host),
    textRow("System", machine.system),
    textRow("Processor", machine.cpu),
    textRow("Cores", machine.coreCount === 0 ? null : String(machine.coreCount)),
    textRow("Memory", machine.memoryBytes === 0 ? null : `${memoryGb.toFixed(1)} GB`),
    textRow("Browser", machine.browser),
    textRow("Streamgauge", machine.streamgauge),
    { label: "Load, mean", figure: toPercent(load?.meanRatio ?? missing("it is still measured"), 0) },
    { label: "Load, most", figure: toPercent(load?.maxRatio ?? missing("it is still measured"), 0) },
  ];
}
