import type { ReactNode } from "react";

import { colorOf } from "./stream-color.ts";

import styles from "./parts.module.css";

/** The colour of the nth thing side by side, from 1, before its name. */
export function Swatch({ nth }: { readonly nth: number }): ReactNode {
  return <span aria-hidden="true" className={styles["swatch"]} data-color={colorOf(nth)} />;
}
