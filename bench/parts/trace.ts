import * as v from "valibot";

/** How busy threads of one name were in the busiest process of a trace. */
export type ThreadLoad = {
  readonly thread: string;
  /** Wall time in tasks, ms per second traced. */
  readonly taskMsPerS: number;
  /** Processor time in tasks, ms per second traced: a busy machine's waiting is not in it. */
  readonly cpuMsPerS: number;
  /** Longest task, by wall time and by processor time, ms. */
  readonly longestMs: number;
  readonly longestCpuMs: number;
  /** Tasks that took more than 8 ms of processor time, per second. */
  readonly over8MsPerS: number;
};

/** What has to be traced for `readLoads`. */
export const traceCategories: readonly string[] = [
  "toplevel",
  "disabled-by-default-devtools.timeline",
  "__metadata",
];

const traceSchema = v.object({
  traceEvents: v.array(
    v.object({
      name: v.string(),
      ph: v.string(),
      pid: v.number(),
      tid: v.number(),
      ts: v.optional(v.number()),
      dur: v.optional(v.number()),
      tdur: v.optional(v.number()),
      args: v.optional(v.looseObject({ name: v.optional(v.unknown()) })),
    }),
  ),
});
type TraceEvent = v.InferOutput<typeof traceSchema>["traceEvents"][number];

const isTask = ({ name, ph }: TraceEvent) => ph === "X" && (name === "RunTask" || name.endsWith("::RunTask"));

/** From the first task's begin to the last one's end. */
function spanMsOf(tasks: readonly TraceEvent[]): number {
  const from = tasks.reduce((least, { ts }) => Math.min(least, ts ?? least), Number.POSITIVE_INFINITY);
  const until = tasks.reduce((latest, { ts, dur }) => Math.max(latest, (ts ?? 0) + (dur ?? 0)), 0);
  return (until - from) / 1000;
}

/** Tasks of one thread without those within another: the browser's scheduler writes each down twice, one around the other. */
function outermost(tasks: readonly TraceEvent[]): readonly TraceEvent[] {
  const kept: TraceEvent[] = [];
  let endUs = Number.NEGATIVE_INFINITY;
  for (const task of tasks.toSorted(
    (one, other) => (one.ts ?? 0) - (other.ts ?? 0) || (other.dur ?? 0) - (one.dur ?? 0),
  )) {
    const fromUs = task.ts ?? 0;
    if (fromUs < endUs) continue;
    kept.push(task);
    endUs = fromUs + (task.dur ?? 0);
  }
  return kept;
}

function groupBy<Value>(
  values: readonly Value[],
  keyOf: (value: Value) => string,
): ReadonlyMap<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function loadOf(thread: string, tasks: readonly TraceEvent[], tracedMs: number): ThreadLoad {
  const wallMs = tasks.map((task) => (task.dur ?? 0) / 1000);
  const cpuMs = tasks.map((task) => (task.tdur ?? 0) / 1000);
  const longest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), 0);
  return {
    thread,
    taskMsPerS: (sum(wallMs) * 1000) / tracedMs,
    cpuMsPerS: (sum(cpuMs) * 1000) / tracedMs,
    longestMs: longest(wallMs),
    longestCpuMs: longest(cpuMs),
    over8MsPerS: (cpuMs.filter((ms) => ms > 8).length * 1000) / tracedMs,
  };
}

/**
 * Folds a Chromium trace into the load of each thread name of the page's own process: the one whose main thread ran longest.
 * The time traced is that from the page's first task to its last: starting and stopping a trace takes a while itself.
 * @param trace the JSON that `browser.stopTracing()` gives
 */
export function readLoads(trace: string): readonly ThreadLoad[] {
  const { traceEvents } = v.parse(traceSchema, JSON.parse(trace));
  const names = new Map(
    traceEvents
      .filter((event) => event.name === "thread_name")
      .map((event) => [`${event.pid}:${event.tid}`, String(event.args?.name)]),
  );
  const nameOf = (event: TraceEvent) => names.get(`${event.pid}:${event.tid}`) ?? "?";
  const tasks = traceEvents.filter(isTask);
  const mains = groupBy(
    tasks.filter((task) => nameOf(task) === "CrRendererMain"),
    (task) => String(task.pid),
  );
  const [page] = [...mains].toSorted(
    ([, one], [, other]) => sum(other.map((task) => task.dur ?? 0)) - sum(one.map((task) => task.dur ?? 0)),
  );
  if (page === undefined) return [];
  const ofThreads = groupBy(
    tasks.filter((task) => String(task.pid) === page[0]),
    (task) => String(task.tid),
  );
  const ofPage = [...ofThreads.values()].flatMap(outermost);
  const tracedMs = spanMsOf(ofPage);
  return [...groupBy(ofPage, nameOf)].map(([thread, list]) => loadOf(thread, list, tracedMs));
}
