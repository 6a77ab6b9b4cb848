import { useId, useState, type ReactNode } from "react";

import styles from "./parts.module.css";

/** A labelled choice. */
export function SelectField(props: {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly disabled?: boolean;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const id = useId();
  return (
    <div className={styles["field"]}>
      <label className={styles["fieldLabel"]} htmlFor={id}>
        {props.label}
      </label>
      <select
        className={styles["input"]}
        disabled={props.disabled}
        id={id}
        onChange={(event) => props.onChange(event.target.value)}
        value={props.value}
      >
        {props.choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A labelled whole number; what is typed counts when the field is left or Enter pressed, held within its limits. */
export function NumberField(props: {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
}): ReactNode {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const settle = () => {
    if (typed === null) return;
    setTyped(null);
    const value = Math.round(Number(typed));
    if (typed.trim() !== "" && Number.isFinite(value))
      props.onChange(Math.min(props.max, Math.max(props.min, value)));
  };
  return (
    <div className={styles["field"]}>
      <label className={styles["fieldLabel"]} htmlFor={id}>
        {props.label}
      </label>
      <input
        className={styles["input"]}
        disabled={props.disabled}
        id={id}
        inputMode="numeric"
        max={props.max}
        min={props.min}
        onBlur={settle}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") settle();
        }}
        step={props.step}
        type="number"
        value={typed ?? props.value}
      />
    </div>
  );
}
