import type { ReactNode } from "react";

import styles from "./table.module.css";

/** A table as all of the page's look. */
export function Table(props: {
  /** Of figures: they stand under each other, and the first column, which says what they are of, stays in sight. */
  readonly kind: "words" | "figures";
  /** Names the element for what this table alone has; where that contradicts the looks of all, say `table.name`. */
  readonly className?: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  const { kind, className = "", children } = props;
  const kindName = kind === "figures" ? styles["figures"] : "";
  return <table className={`${styles["table"]} ${kindName} ${className}`}>{children}</table>;
}
