import type { ReactNode } from "react";

import styles from "./parts.module.css";

/** A button; `shortcut` is shown on it and told to assistive technology, the page listens for it itself. */
export function Button(props: {
  readonly children: ReactNode;
  readonly onPress: () => void;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly shortcut?: string;
  readonly title?: string;
  /** What assistive technology says, where it is more than the words shown; holds those words. */
  readonly label?: string;
}): ReactNode {
  return (
    <button
      aria-keyshortcuts={props.shortcut}
      aria-label={props.label}
      aria-pressed={props.pressed}
      className={`${styles["button"]} ${props.primary === true ? styles["primary"] : ""}`}
      disabled={props.disabled}
      onClick={props.onPress}
      title={props.title}
      type="button"
    >
      {props.children}
      {props.shortcut !== undefined && (
        <kbd aria-hidden="true" className={styles["key"]}>
          {props.shortcut}
        </kbd>
      )}
    </button>
  );
}
