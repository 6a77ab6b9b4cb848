import { StrictMode, type ReactNode } from "react";
import { createRoot } from "react-dom/client";

import type { Automation } from "../core/wire/automation.ts";
import { HomePage } from "./home/HomePage.tsx";

import "./parts/tokens.css";
import "./parts/base.css";
import { NotFound } from "./parts/NotFound.tsx";
import { ServerAway } from "./parts/ServerAway.tsx";
import { readTheme, wearTheme } from "./parts/theme.ts";
import { untilLoaded } from "./parts/until-loaded.ts";

/** One tab made ready: what it shows, and its face for scripts if it has one. */
type Tab = { readonly page: ReactNode; readonly automation?: Automation };

/** Opens a tab; `onAway` is called while the server that has its code is away. */
type OpenTab = (onAway: () => void) => Promise<Tab>;

/** Which tab a path opens; each brings its own code. */
const tabs: Readonly<Record<string, OpenTab>> = {
  "/": async (): Promise<Tab> => ({ page: <HomePage /> }),
  "/sender": async (onAway) =>
    (await untilLoaded(() => import("./sender/open-sender-tab.tsx"), onAway)).openSenderTab(),
  "/runs": async (onAway) =>
    (await untilLoaded(() => import("./runs/open-runs-tab.tsx"), onAway)).openRunsTab(),
  "/receiver": async (onAway) =>
    (await untilLoaded(() => import("./receiver/open-receiver-tab.tsx"), onAway)).openReceiverTab(),
  "/score": async (onAway) =>
    (await untilLoaded(() => import("./score/open-score-tab.tsx"), onAway)).openScoreTab(),
};

async function openTab(container: HTMLElement): Promise<void> {
  wearTheme(readTheme());
  const path = location.pathname.replace(/(?<=.)\/$/, "");
  const root = createRoot(container);
  const tellAway = (): void => root.render(<ServerAway />);
  const tab: Tab = (await tabs[path]?.(tellAway)) ?? { page: <NotFound path={path} /> };
  if (tab.automation !== undefined) {
    Object.defineProperty(globalThis, "streamgauge", { value: Object.freeze(tab.automation) });
  }
  root.render(<StrictMode>{tab.page}</StrictMode>);
}

const container = document.querySelector<HTMLElement>("#root");
if (container !== null) void openTab(container);
