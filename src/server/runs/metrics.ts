import type { Query, Row } from "../store/database.ts";
import { networkSql, settingsSql } from "../store/rows.ts";

/** One family of metrics in Prometheus' text format 0.0.4. */
type Family = {
  readonly name: string;
  readonly help: string;
  readonly type: "gauge" | "counter";
  readonly samples: readonly Sample[];
};

type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

function plain(value: number): readonly Sample[] {
  return [{ labels: {}, value }];
}

/** Escapes a label's value as the text format has it. */
function escapeLabel(text: string): string {
  return text
    .replaceAll("\\", String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`);
}

function writeFamily({ name, help, type, samples }: Family): string {
  const lines = samples.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
    return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ""].join("\n");
}

/** What the server counts of itself, by the name behind `streamgauge_`. */
export type ServerCounts = Readonly<Record<string, number>>;

/** The server's own metrics; `isStoreUp` says whether the database of runs answers. */
export function serverMetrics(version: string, counts: ServerCounts, isStoreUp: boolean): string {
  const { user, system } = process.cpuUsage();
  const families: readonly Family[] = [
    {
      name: "streamgauge_info",
      help: "Version of the instrument.",
      type: "gauge",
      samples: [{ labels: { version }, value: 1 }],
    },
    {
      name: "process_cpu_seconds_total",
      help: "Processor time spent.",
      type: "counter",
      samples: plain((user + system) / 1e6),
    },
    {
      name: "process_resident_memory_bytes",
      help: "Memory held.",
      type: "gauge",
      samples: plain(process.memoryUsage.rss()),
    },
    {
      name: "process_start_time_seconds",
      help: "When the server was started, since the Unix epoch.",
      type: "gauge",
      samples: plain(Math.round(performance.timeOrigin) / 1000),
    },
    {
      name: "streamgauge_store_up",
      help: "Whether the database of runs answers.",
      type: "gauge",
      samples: plain(isStoreUp ? 1 : 0),
    },
    ...Object.entries(counts).map(([name, value]): Family => ({
      name: `streamgauge_${name}`,
      help: "Counted by the server now.",
      type: "gauge",
      samples: plain(value),
    })),
  ];
  return families.map(writeFamily).join("");
}

function textOf(row: Row, column: string): string {
  return String(row[column]);
}

const latestSql = `
select provider, name as plan, ${settingsSql} as settings, ${networkSql} as network, latest.started_at_us, key, unit, value
from (select distinct on (provider, name, run.head->'settings', ${networkSql}) provider, name, run_id, stream, run.started_at_us
      from stream join run using (run_id) join comparison using (comparison_id)
      where stream.outcome = 'measured'
      order by provider, name, run.head->'settings', ${networkSql}, run.started_at_us desc) as latest
join run using (run_id) join measure using (run_id, stream)
where value is not null order by provider, plan, settings, network, key`;

function labelsOf(row: Row): Readonly<Record<string, string>> {
  const names = ["provider", "plan", "settings", "network"];
  return Object.fromEntries(names.map((name) => [name, textOf(row, name)]));
}

/** Runs kept, and of every provider the figures of its latest whole run under each plan, settings and network. */
export async function runMetrics(query: Query): Promise<string> {
  const counts = await query("select outcome, count(*) as count from run group by outcome order by outcome");
  const latest = await query(latestSql);
  const families: readonly Family[] = [
    {
      name: "streamgauge_runs",
      help: "Runs kept, by how they ended.",
      type: "gauge",
      samples: counts.map((row) => ({
        labels: { outcome: textOf(row, "outcome") },
        value: Number(row["count"]),
      })),
    },
    {
      name: "streamgauge_result",
      help: "A measure of a provider's latest whole run under a plan, its settings and network, in the unit of its label.",
      type: "gauge",
      samples: latest.map((row) => ({
        labels: { ...labelsOf(row), measure: textOf(row, "key"), unit: textOf(row, "unit") },
        value: Number(row["value"]),
      })),
    },
    {
      name: "streamgauge_result_timestamp_seconds",
      help: "When a provider's latest whole run began, since the Unix epoch.",
      type: "gauge",
      samples: [
        ...new Map(
          latest.map((row): [string, Sample] => {
            const labels = labelsOf(row);
            return [JSON.stringify(labels), { labels, value: Number(row["started_at_us"]) / 1e6 }];
          }),
        ).values(),
      ],
    },
  ];
  return families.map(writeFamily).join("");
}
