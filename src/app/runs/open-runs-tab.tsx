import type { ReactNode } from "react";

import { createRunsLink } from "../../media/link/runs.ts";
import { keptToken } from "../parts/server-token.ts";
import { readRunsView } from "./address.ts";
import { RunsPage } from "./RunsPage.tsx";

/** Makes the Runs tab as its address asks. */
export function openRunsTab(): { readonly page: ReactNode } {
  document.title = "Runs · Streamgauge";
  const link = createRunsLink({ fetch: (url, init) => fetch(url, init), token: keptToken.read });
  return { page: <RunsPage link={link} view={readRunsView(location.search)} /> };
}
