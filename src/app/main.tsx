import { StrictMode, type ReactNode } from "react";
import { createRoot } from "react-dom/client";

import type { Automation } from "../core/wire/automation.ts";
import { HomePage } from "./home/HomePage.tsx";

import "./parts/tokens.css";
import "./parts/base.css";
import { NotFound } from "./parts/NotFound.tsx";
import { readTheme, wearTheme } from "./parts/theme.ts";

/** One tab made ready: what it shows, and its face for scripts if it has one. */
type Tab = { readonly page: ReactNode; readonly automation?: Automation };

/** Which tab a path opens; each brings its own code. */
const tabs: Readonly<Record<string, () => Promise<Tab>>> = {
  "/": async (): Promise<Tab> => ({ page: <HomePage /> }),
  "/sender": async () => (await import("./sender/open-sender-tab.tsx")).openSenderTab(),
  "/runs": async () => (await import("./runs/open-runs-tab.tsx")).openRunsTab(),
  "/receiver": async () => (await import("./receiver/open-receiver-tab.tsx")).openReceiverTab(),
  "/score": async () => (await import("./score/open-score-tab.tsx")).openScoreTab(),
};

async function openTab(container: HTMLElement): Promise<void> {
  wearTheme(readTheme());
  const path = location.pathname.replace(/(?<=.)\/$/, "");
  const tab: Tab = (await tabs[path]?.()) ?? { page: <NotFound path={path} /> };
  if (tab.automation !== undefined) {
    Object.defineProperty(globalThis, "streamgauge", { value: Object.freeze(tab.automation) });
  }
  createRoot(container).render(<StrictMode>{tab.page}</StrictMode>);
}

const container = document.querySelector<HTMLElement>("#root");
if (container !== null) void openTab(container);
