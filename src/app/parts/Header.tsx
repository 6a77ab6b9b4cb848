import { useState, type ReactNode } from "react";

import { Button } from "./Button.tsx";
import { nextTheme, readTheme, wearTheme } from "./theme.ts";

import styles from "./parts.module.css";

/** Name, ways in, what the page is doing, and the theme. */
export function Header(props: {
  readonly here: "home" | "sender" | "receiver" | "score" | "runs";
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <header className={styles["header"]}>
      <a className={styles["brand"]} href="/">
        <BrandMark />
        <span className={styles["brandName"]}>Streamgauge</span>
      </a>
      <nav aria-label="Pages" className={styles["nav"]}>
        <a aria-current={props.here === "sender" ? "page" : undefined} href="/sender">
          Send
        </a>
        <a aria-current={props.here === "receiver" ? "page" : undefined} href="/receiver">
          Receive
        </a>
        <a aria-current={props.here === "score" ? "page" : undefined} href="/score">
          Score
        </a>
        <a aria-current={props.here === "runs" ? "page" : undefined} href="/runs">
          Runs
        </a>
      </nav>
      <div className={styles["headerState"]}>{props.children}</div>
      <ThemeToggle />
    </header>
  );
}

function BrandMark(): ReactNode {
  return (
    <svg aria-hidden="true" className={styles["brandMark"]} viewBox="0 0 20 20">
      <path d="M3 1v18M3 3h5M3 7h3M3 11h5M3 15h3" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M10 12q2.2-4 4.4 0t4.4 0" fill="none" stroke="currentColor" strokeWidth="1.6" />
    </svg>
  );
}

function ThemeMark(): ReactNode {
  return (
    <svg aria-hidden="true" className={styles["themeMark"]} viewBox="0 0 16 16">
      <circle cx="8" cy="8" fill="none" r="6.2" stroke="currentColor" strokeWidth="1.5" />
      <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
    </svg>
  );
}

function ThemeToggle(): ReactNode {
  const [theme, setTheme] = useState(readTheme);
  const words = { system: "Auto", light: "Light", dark: "Dark" }[theme];
  return (
    <Button
      onPress={() => {
        const next = nextTheme(theme);
        wearTheme(next);
        setTheme(next);
      }}
      title="As the system asks, light, or dark"
    >
      <ThemeMark />
      <span className={styles["themeWords"]}>Colours: {words}</span>
    </Button>
  );
}
