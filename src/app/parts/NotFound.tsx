import type { ReactNode } from "react";

import { Header } from "./Header.tsx";
import { FailureNotice } from "./Notice.tsx";

import parts from "./parts.module.css";

/** A path that is no page. */
export function NotFound({ path }: { readonly path: string }): ReactNode {
  return (
    <div className={parts["page"]}>
      <Header here="home" />
      <main>
        <h1 className={parts["visuallyHidden"]}>No such page</h1>
        <FailureNotice
          failure={{
            kind: "refused-input",
            what: "There is no such page here",
            where: path,
            next: "The pages are / (home), /sender, /receiver, /score and /runs.",
          }}
        />
      </main>
    </div>
  );
}
