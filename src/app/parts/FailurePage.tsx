import type { ReactNode } from "react";

import type { Failure } from "../../core/failure.ts";
import { Header } from "./Header.tsx";
import { FailureNotice } from "./Notice.tsx";

import parts from "./parts.module.css";

/** A page that has nothing but a failure to show. */
export function FailurePage({
  title,
  failure,
}: {
  readonly title: string;
  readonly failure: Failure;
}): ReactNode {
  return (
    <div className={parts["page"]}>
      <Header here="home" />
      <main>
        <h1 className={parts["visuallyHidden"]}>{title}</h1>
        <FailureNotice failure={failure} />
      </main>
    </div>
  );
}
