import type { ReactNode } from "react";

import type { Figure } from "../parts/format.ts";

import parts from "../parts/parts.module.css";
import styles from "./runs.module.css";

/** A figure in a table: value, bound and unit, or a dash whose reason is told on hover and read aloud. */
export function FigureCell(props: { readonly figure: Figure; readonly isWorst?: boolean }): ReactNode {
  const { figure } = props;
  if (!figure.known)
    return (
      <td className={styles["missing"]} title={figure.why}>
        —<span className={parts["visuallyHidden"]}>{figure.why}</span>
      </td>
    );
  return (
    <td
      className={props.isWorst === true ? `${styles["number"]} ${styles["worst"]}` : styles["number"]}
      title={props.isWorst === true ? "The worst of this row" : undefined}
    >
      {figure.value}
      {figure.bound !== null && <span className={styles["bound"]}> ±{figure.bound}</span>}
      {figure.unit !== "" && <span className={styles["bound"]}> {figure.unit}</span>}
    </td>
  );
}
