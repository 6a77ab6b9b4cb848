import { useId, useState, type ReactNode } from "react";

import styles from "./parts.module.css";

/** What labelled texts have in common. */
type TextProps = {
  readonly label: string;
  readonly value: string;
  /** `secret` is not readable on screen; `lines` takes several texts, one a line. */
  readonly kind: "line" | "secret" | "lines";
  readonly placeholder?: string | undefined;
  readonly hint?: string | undefined;
  /** Why the text is not taken; null when it is. */
  readonly complaint: string | null;
  readonly disabled?: boolean;
  readonly className?: string | undefined;
  readonly onChange: (value: string) => void;
};

/** A labelled text; what is typed counts when the field is left or Enter pressed. */
export function TextField(props: TextProps): ReactNode {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const settle = () => {
    if (typed === null) return;
    setTyped(null);
    props.onChange(typed.trim());
  };
  const shared = {
    "aria-describedby": `${id}-words`,
    "aria-invalid": props.complaint !== null,
    autoCapitalize: "none",
    autoComplete: "off",
    disabled: props.disabled,
    id,
    onBlur: settle,
    placeholder: props.placeholder,
    spellCheck: false,
    value: typed ?? props.value,
  } as const;
  return (
    <div className={`${styles["field"]} ${props.className ?? ""}`}>
      <label className={styles["fieldLabel"]} htmlFor={id}>
        {props.label}
      </label>
      {props.kind === "lines" ? (
        <textarea
          {...shared}
          className={`${styles["input"]} ${styles["lines"]}`}
          onChange={(event) => setTyped(event.target.value)}
          rows={2}
        />
      ) : (
        <input
          {...shared}
          className={styles["input"]}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") settle();
          }}
          type={props.kind === "secret" ? "password" : "text"}
        />
      )}
      <FieldWords complaint={props.complaint} hint={props.hint} id={`${id}-words`} />
    </div>
  );
}

/** A labelled yes or no. */
export function CheckField(props: {
  readonly label: string;
  readonly checked: boolean;
  readonly hint?: string | undefined;
  readonly disabled?: boolean;
  readonly className?: string | undefined;
  readonly onChange: (checked: boolean) => void;
}): ReactNode {
  const id = useId();
  return (
    <div className={`${styles["field"]} ${props.className ?? ""}`}>
      <label className={styles["check"]} htmlFor={id}>
        <input
          aria-describedby={`${id}-words`}
          checked={props.checked}
          disabled={props.disabled}
          id={id}
          onChange={(event) => props.onChange(event.target.checked)}
          type="checkbox"
        />
        {props.label}
      </label>
      <FieldWords complaint={null} hint={props.hint} id={`${id}-words`} />
    </div>
  );
}

/** The sentence under a field: why its text is not taken, or else what it is for. */
export function FieldWords(props: {
  readonly id: string;
  readonly hint: string | undefined;
  readonly complaint: string | null;
}): ReactNode {
  return (
    <p aria-live="polite" className={styles[props.complaint === null ? "hint" : "complaint"]} id={props.id}>
      {props.complaint ?? props.hint}
    </p>
  );
}
