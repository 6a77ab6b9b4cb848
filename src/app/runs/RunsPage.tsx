import { lazy, Suspense, type ReactNode } from "react";

import { unreachable } from "../../core/failure.ts";
import type { RunsLink } from "../../media/link/runs.ts";
import { Header } from "../parts/Header.tsx";
import { untilLoaded } from "../parts/until-loaded.ts";
import type { RunsView } from "./address.ts";
import { RunListView } from "./RunListView.tsx";
import { RunView } from "./RunView.tsx";

import parts from "../parts/parts.module.css";

// Each brings the charts with it, which the list does without.
const CompareView = lazy(async () => ({
  default: (await untilLoaded(() => import("./CompareView.tsx"))).CompareView,
}));
const TrendView = lazy(async () => ({
  default: (await untilLoaded(() => import("./TrendView.tsx"))).TrendView,
}));

const titles = { list: "Runs", run: "One run", compare: "Runs side by side", trend: "Trend" } as const;

/** The Runs tab: what was kept, one run in full, runs side by side, a measure over time. */
export function RunsPage(props: { readonly link: RunsLink; readonly view: RunsView }): ReactNode {
  return (
    <div className={parts["page"]}>
      <Header here="runs" />
      <main className={parts["main"]}>
        <h1 className={parts["visuallyHidden"]}>{titles[props.view.kind]}</h1>
        <Suspense fallback={<p className={parts["hint"]}>Loading…</p>}>
          <View {...props} />
        </Suspense>
      </main>
    </div>
  );
}

function View({ link, view }: { readonly link: RunsLink; readonly view: RunsView }): ReactNode {
  switch (view.kind) {
    case "list":
      return <RunListView link={link} query={view.query} />;
    case "run":
      return <RunView link={link} runId={view.runId} />;
    case "compare":
      return <CompareView link={link} runIds={view.runIds} />;
    case "trend":
      return <TrendView asked={view} link={link} />;
    default:
      return unreachable(view);
  }
}
