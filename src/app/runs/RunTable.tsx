import type { ReactNode } from "react";

import type { ListedRun, ListedStream, RunList, RunQuery } from "../../core/wire/runs.ts";
import { toDateTime } from "../parts/format.ts";
import { Scroll } from "../parts/Scroll.tsx";
import { Table } from "../parts/Table.tsx";
import { listAddress, listedMeasures, runAddress } from "./address.ts";
import { FigureCell } from "./FigureCell.tsx";
import { measureLabel, stateFaces, toMeasureFigure } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./runs.module.css";

type Choosing = {
  readonly chosen: readonly string[];
  readonly setChosen: (chosen: readonly string[]) => void;
};

/** Runs, one line a stream. */
export function RunTable(props: Choosing & { readonly list: RunList; readonly query: RunQuery }): ReactNode {
  const { list, query } = props;
  if (list.runs.length === 0) return null;
  return (
    <Scroll label="List of runs">
      <Table className={styles["runs"]} kind="words">
        <thead>
          <tr>
            <th scope="col">
              <span className={parts["visuallyHidden"]}>chosen</span>
            </th>
            <th scope="col">
              <SortLink query={query} sort="started" words="began" />
            </th>
            <th scope="col">provider</th>
            <th scope="col">state</th>
            {listedMeasures.map((key) => (
              <th className={styles["number"]} key={key} scope="col">
                <SortLink query={query} sort={key} words={measureLabel(key)} />
              </th>
            ))}
            <th scope="col">comparison, settings, tags</th>
          </tr>
        </thead>
        {list.runs.map((run) => (
          <RunRows key={run.id} {...props} run={run} />
        ))}
      </Table>
    </Scroll>
  );
}

function SortLink(props: {
  readonly query: RunQuery;
  readonly sort: string;
  readonly words: string;
}): ReactNode {
  const { query, sort, words } = props;
  const isSorted = query.sort === sort;
  const order = isSorted && query.order === "descending" ? "ascending" : "descending";
  const arrow = isSorted ? (query.order === "descending" ? " ↓" : " ↑") : "";
  return (
    <a className={styles["sort"]} href={listAddress(query, { sort, order })}>
      {words}
      {arrow}
    </a>
  );
}

function RunRows({ run, chosen, setChosen }: Choosing & { readonly run: ListedRun }): ReactNode {
  const [first, ...rest] = run.streams;
  const rowSpan = Math.max(1, run.streams.length);
  const isChosen = chosen.includes(run.id);
  const began = toDateTime(run.startedAtUs);
  return (
    <tbody className={isChosen ? styles["chosen"] : undefined}>
      <tr>
        <td rowSpan={rowSpan}>
          <input
            aria-label={`Choose the run of ${began}`}
            checked={isChosen}
            onChange={() => setChosen(isChosen ? chosen.filter((id) => id !== run.id) : [...chosen, run.id])}
            type="checkbox"
          />
        </td>
        <th className={styles["began"]} rowSpan={rowSpan} scope="rowgroup">
          <a href={runAddress(run.id)}>{began}</a>
          {run.isSaturated === true && (
            <span className={parts["warn"]} title="The machine was so busy that it may have measured itself">
              {" "}
              busy
            </span>
          )}
        </th>
        {first !== undefined && <StreamCells stream={first} />}
        <td className={styles["about"]} rowSpan={rowSpan}>
          <About run={run} />
        </td>
      </tr>
      {rest.map((stream) => (
        <tr key={stream.number}>
          <StreamCells stream={stream} />
        </tr>
      ))}
    </tbody>
  );
}

function StreamCells({ stream }: { readonly stream: ListedStream }): ReactNode {
  const { words, tone } = stateFaces[stream.state];
  return (
    <>
      <td className={styles["provider"]}>{stream.provider}</td>
      <td className={`${parts[tone]} ${styles["began"]}`}>{words}</td>
      {listedMeasures.map((key) => {
        const measure = stream.measures.find((each) => each.key === key);
        return (
          <FigureCell
            figure={measure === undefined ? { known: false, why: "not measured" } : toMeasureFigure(measure)}
            key={key}
          />
        );
      })}
    </>
  );
}

function About({ run }: { readonly run: ListedRun }): ReactNode {
  const settings = run.settings.map(({ key, value }) => `${key} ${value}`);
  const conditions = run.conditions === "none" ? [] : [run.conditions];
  const facts = [
    run.comparisonName,
    ...settings,
    ...conditions,
    ...(run.attempt > 1 ? [`attempt ${run.attempt}`] : []),
  ];
  return (
    <>
      {facts.join(" · ")}
      {run.note !== "" && <span className={styles["note"]}>{run.note}</span>}
      {run.tags.map((tag) => (
        <span className={styles["tag"]} key={tag}>
          {tag}
        </span>
      ))}
    </>
  );
}
