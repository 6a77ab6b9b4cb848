import { StrictMode, type ReactNode } from "react";
import { createRoot } from "react-dom/client";

import type { Failure } from "../core/failure.ts";
import type { Automation } from "../core/wire/automation.ts";
import { HomePage } from "./home/HomePage.tsx";

import "./parts/tokens.css";
import "./parts/base.css";
import { FailurePage } from "./parts/FailurePage.tsx";
import { readTheme, wearTheme } from "./parts/theme.ts";
import { untilLoaded } from "./parts/until-loaded.ts";

/** One tab made ready: what it shows, and its face for scripts if it has one. */
type Tab = { readonly page: ReactNode; readonly automation?: Automation };

/** Brings a tab's code, however long the server that has it is away. */
type Load = <Code>(load: () => Promise<Code>) => Promise<Code>;

/** Which tab a path opens; each brings its own code. */
const tabs: Readonly<Record<string, (load: Load) => Promise<Tab>>> = {
  "/": async () => ({ page: <HomePage /> }),
  "/sender": async (load) => (await load(() => import("./sender/open-sender-tab.tsx"))).openSenderTab(),
  "/runs": async (load) => (await load(() => import("./runs/open-runs-tab.tsx"))).openRunsTab(),
  "/receiver": async (load) =>
    (await load(() => import("./receiver/open-receiver-tab.tsx"))).openReceiverTab(),
  "/score": async (load) => (await load(() => import("./score/open-score-tab.tsx"))).openScoreTab(),
};

const away: Failure = {
  kind: "unreachable",
  what: "The server went away before the page was loaded",
  where: location.host,
  next: "The page tries again by itself, and goes on when the server is back.",
};

function noPage(path: string): Failure {
  return {
    kind: "refused-input",
    what: "There is no such page here",
    where: path,
    next: "The pages are / (home), /sender, /receiver, /score and /runs.",
  };
}

async function openTab(container: HTMLElement): Promise<void> {
  wearTheme(readTheme());
  const path = location.pathname.replace(/(?<=.)\/$/, "");
  const root = createRoot(container);
  const load: Load = (code) =>
    untilLoaded(code, () => root.render(<FailurePage title="The server is away" failure={away} />));
  const tab: Tab = (await tabs[path]?.(load)) ?? {
    page: <FailurePage title="No such page" failure={noPage(path)} />,
  };
  if (tab.automation !== undefined) {
    Object.defineProperty(globalThis, "streamgauge", { value: Object.freeze(tab.automation) });
  }
  root.render(<StrictMode>{tab.page}</StrictMode>);
}

const container = document.querySelector<HTMLElement>("#root");
if (container !== null) void openTab(container);
