import { useId, type ReactNode } from "react";

import styles from "./parts.module.css";

/** A panel with a name, something at the right of the name, and a body. */
export function Card(props: {
  readonly title: string;
  /** The title is a name that somebody gave: its case stays. */
  readonly isNamed?: boolean;
  readonly aside?: ReactNode;
  readonly className?: string | undefined;
  /** Body without padding, for rows and charts that reach the edges. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  const titleId = useId();
  return (
    <section aria-labelledby={titleId} className={`${styles["card"]} ${props.className ?? ""}`}>
      <div className={styles["cardHead"]}>
        <h2 className={styles[props.isNamed === true ? "cardName" : "cardTitle"]} id={titleId}>
          {props.title}
        </h2>
        {props.aside}
      </div>
      <div className={props.flush === true ? undefined : styles["cardBody"]}>{props.children}</div>
    </section>
  );
}
