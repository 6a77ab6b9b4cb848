import type { ReactNode } from "react";

import styles from "./parts.module.css";

/** What may be wider than the window, scrolled sideways by itself. */
export function Scroll(props: {
  /** What assistive technology calls it. */
  readonly label: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls has to be reached by the keyboard (WCAG 2.1.1)
    <section aria-label={props.label} className={`${styles["scroll"]} ${props.className ?? ""}`} tabIndex={0}>
      {props.children}
    </section>
  );
}
