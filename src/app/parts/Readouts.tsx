import type { ReactNode } from "react";

import type { Figure } from "./format.ts";

import styles from "./parts.module.css";

/** How a figure stands: nothing to say, well, worth a look, or wrong. */
export type Tone = "plain" | "good" | "warn" | "bad";

/** One line of a panel: a name, its figure, and the definition shown on hover. */
export type Row = {
  readonly label: string;
  readonly figure: Figure;
  readonly title?: string;
  readonly tone?: Tone;
};

/** Prints a figure: value, bound, unit, or the reason why there is none. */
export function FigureText({ figure }: { readonly figure: Figure }): ReactNode {
  if (!figure.known) return <span className={styles["missing"]}>— {figure.why}</span>;
  return (
    <span className={styles["figure"]}>
      {figure.value}
      {figure.bound !== null && <span className={styles["bound"]}> ±{figure.bound}</span>}
      {figure.unit !== "" && <span className={styles["unit"]}> {figure.unit}</span>}
    </span>
  );
}

/** A list of named figures. */
export function Readouts({ rows }: { readonly rows: readonly Row[] }): ReactNode {
  return (
    <dl>
      {rows.map((row) => (
        <div className={styles["row"]} key={row.label}>
          <dt title={row.title}>{row.label}</dt>
          <dd className={row.tone === undefined ? undefined : styles[row.tone]}>
            <FigureText figure={row.figure} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
