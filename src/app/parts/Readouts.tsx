import { memo, type ReactNode } from "react";

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

/** A list of named figures: value, bound and unit, or the reason why there is none. */
export function Readouts({ rows }: { readonly rows: readonly Row[] }): ReactNode {
  return (
    <dl>
      {rows.map(({ label, title, tone, figure }, index) => (
        <RowLine
          bound={figure.known ? figure.bound : null}
          form={figure.known ? "figure" : isSaidBefore(rows, index) ? "reason-again" : "reason"}
          key={label}
          label={label}
          title={title}
          tone={tone ?? "plain"}
          unit={figure.known ? figure.unit : ""}
          words={figure.known ? figure.value : figure.why}
        />
      ))}
    </dl>
  );
}

/** Whether the row above lacks its figure for the same reason: it is not written out twice. */
function isSaidBefore(rows: readonly Row[], index: number): boolean {
  const here = rows[index]?.figure;
  const above = rows[index - 1]?.figure;
  return here?.known === false && above?.known === false && here.why === above.why;
}

/** Takes its figure apart, so that a line whose words have not changed is not drawn again. */
const RowLine = memo(function RowLine(props: {
  readonly label: string;
  readonly title: string | undefined;
  readonly tone: Tone;
  readonly form: "figure" | "reason" | "reason-again";
  readonly words: string;
  readonly bound: string | null;
  readonly unit: string;
}): ReactNode {
  return (
    <div className={styles["row"]}>
      <dt title={props.title}>{props.label}</dt>
      <dd className={styles[props.tone]}>
        {props.form === "figure" ? (
          <span className={styles["figure"]}>
            {props.words}
            {props.bound !== null && <span className={styles["bound"]}> ±{props.bound}</span>}
            {props.unit !== "" && <span className={styles["unit"]}> {props.unit}</span>}
          </span>
        ) : (
          <span className={styles["missing"]} title={props.form === "reason" ? undefined : props.words}>
            —{" "}
            <span className={props.form === "reason" ? undefined : styles["visuallyHidden"]}>
              {props.words}
            </span>
          </span>
        )}
      </dd>
    </div>
  );
});
