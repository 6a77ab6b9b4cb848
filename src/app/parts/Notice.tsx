import type { ReactNode } from "react";

import type { Failure } from "../../core/failure.ts";
import { failureTitle } from "./failure-words.ts";

import styles from "./parts.module.css";

/** A failure in words: what, where, what to do next. */
export function FailureNotice({ failure }: { readonly failure: Failure }): ReactNode {
  return (
    <div className={styles["notice"]} role="alert">
      <strong>{failureTitle(failure)}</strong>
      <span>{failure.next}</span>
      <span className={styles["noticeWhere"]}>
        {failure.where}
        {failure.cause === undefined ? "" : ` · ${failure.cause}`}
      </span>
    </div>
  );
}

/** Something the user should know that has not failed. */
export function WarnNotice({ children }: { readonly children: ReactNode }): ReactNode {
  return <output className={`${styles["notice"]} ${styles["noticeWarn"]}`}>{children}</output>;
}
