import type { ReactNode } from "react";

import { Header } from "./Header.tsx";
import { FailureNotice } from "./Notice.tsx";

import parts from "./parts.module.css";

/** A page whose server went away before all of it was loaded. */
export function ServerAway(): ReactNode {
  return (
    <div className={parts["page"]}>
      <Header here="home" />
      <main>
        <h1 className={parts["visuallyHidden"]}>The server is away</h1>
        <FailureNotice
          failure={{
            kind: "unreachable",
            what: "The server went away before the page was loaded",
            where: location.host,
            next: "The page tries again by itself, and goes on when the server is back.",
          }}
        />
      </main>
    </div>
  );
}
