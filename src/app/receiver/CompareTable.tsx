import { useState, type ReactNode } from "react";

import { Button } from "../parts/Button.tsx";
import { WarnNotice } from "../parts/Notice.tsx";
import { Scroll } from "../parts/Scroll.tsx";
import { Swatch } from "../parts/Swatch.tsx";
import { Table } from "../parts/Table.tsx";
import { compareColumns, compareFaces, type CompareColumn } from "./compare-columns.ts";
import { toCompareRows, type CompareCell, type CompareRow, type CompareSort } from "./compare-view.ts";
import { toConnectionsHint } from "./connections-hint.ts";
import type { Lineup, LineupState } from "./lineup.ts";
import { useReports } from "./use-reports.ts";

import parts from "../parts/parts.module.css";
import styles from "./compare.module.css";

/** All streams in one table: sorted by any column, the worst of each marked. */
export function CompareTable(props: {
  readonly lineup: Lineup;
  readonly state: LineupState;
  readonly isPaused: boolean;
}): ReactNode {
  const { lineup, state, isPaused } = props;
  const [sort, setSort] = useState<CompareSort>(null);
  const reports = useReports(lineup, isPaused);
  const rows = toCompareRows(reports, sort);
  const hint = toConnectionsHint(reports);
  const press = (column: CompareColumn) =>
    setSort(
      sort?.column === column
        ? sort.isAscending
          ? null
          : { column, isAscending: true }
        : { column, isAscending: false },
    );
  return (
    <>
      {hint !== null && <WarnNotice>{hint}</WarnNotice>}
      <Scroll label="Streams side by side">
        <Table className={styles["streams"]} kind="figures">
          <thead>
            <tr>
              <th scope="col">stream</th>
              {compareColumns.map((column) => (
                <ColumnHead column={column} key={column} press={press} sort={sort} />
              ))}
              <th scope="col">
                <span className={parts["visuallyHidden"]}>choices</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const entry = state.entries[row.number - 1];
              return entry === undefined ? null : (
                <StreamRow
                  id={entry.id}
                  isSelected={entry.id === state.selectedId}
                  key={entry.id}
                  lineup={lineup}
                  row={row}
                />
              );
            })}
          </tbody>
        </Table>
      </Scroll>
    </>
  );
}

function ColumnHead(props: {
  readonly column: CompareColumn;
  readonly sort: CompareSort;
  readonly press: (column: CompareColumn) => void;
}): ReactNode {
  const { column, sort, press } = props;
  const { label, title, unit } = compareFaces[column];
  const isSorted = sort?.column === column;
  const direction = isSorted ? (sort.isAscending ? "ascending" : "descending") : "none";
  return (
    <th aria-sort={direction} scope="col">
      <button className={styles["sort"]} onClick={() => press(column)} title={title} type="button">
        {label}
        <span aria-hidden="true">{isSorted ? (sort.isAscending ? " ↑" : " ↓") : ""}</span>
        <span className={styles["unit"]}>{unit === label ? "" : unit}</span>
      </button>
    </th>
  );
}

function StreamRow(props: {
  readonly row: CompareRow;
  readonly id: number;
  readonly isSelected: boolean;
  readonly lineup: Lineup;
}): ReactNode {
  const { row, id, isSelected, lineup } = props;
  return (
    <tr className={isSelected ? styles["selected"] : undefined}>
      <th scope="row">
        <button
          aria-pressed={isSelected}
          className={styles["name"]}
          onClick={() => lineup.select(id)}
          title="Show its details below"
          type="button"
        >
          <Swatch nth={id} />
          <span className={styles["label"]}>{row.label}</span>
        </button>
        <span className={styles["sub"]}>
          {row.isControl ? "control · " : ""}
          {row.kind}
          {row.state.words === "" ? "" : ` · ${row.state.words}`}
        </span>
      </th>
      {compareColumns.map((column) => (
        <Cell cell={row.cells[column]} key={column} />
      ))}
      <td className={styles["choices"]}>
        <Button
          disabled={row.isControl}
          onPress={() => lineup.setControl(id)}
          title="Compare the others with this one"
        >
          Control
        </Button>
        <Button onPress={() => lineup.remove(id)} title="Stop measuring it">
          Remove
        </Button>
      </td>
    </tr>
  );
}

function Cell({ cell: { figure, isWorst } }: { readonly cell: CompareCell }): ReactNode {
  if (!figure.known)
    return (
      <td className={styles["missing"]} title={figure.why}>
        —<span className={parts["visuallyHidden"]}>{figure.why}</span>
      </td>
    );
  return (
    <td
      className={isWorst ? styles["worst"] : undefined}
      title={isWorst ? "The worst of this column" : undefined}
    >
      {figure.value}
      {figure.bound !== null && <span className={styles["bound"]}> ±{figure.bound}</span>}
    </td>
  );
}
