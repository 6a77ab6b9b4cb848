import { EventEmitter } from "node:events";

import type { Browser, Page } from "playwright";

import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";
import { answered, answerWithinMs } from "./answered.ts";
import type { FoundBrowser } from "./browsers.ts";

/** How a browser is started. */
export type LaunchOptions = {
  readonly browser: FoundBrowser;
  readonly isHeadless: boolean;
  /** Program that the browser is started by, such as one that enters a network namespace; null for none. */
  readonly wrapper: string | null;
  /** Origins that count as secure although they are plain http on another address than loopback. */
  readonly secureOrigins: readonly string[];
};

/** A browser with a fresh profile. Whoever launched it closes it. */
export type DrivenBrowser = {
  /** Such as `Chromium 156.0.7204.1`. */
  readonly version: string;
  /** Opens a page of a device of its own: no cookies, storage or cache shared with others. Rejects with `PageTrouble`. */
  readonly openPage: () => Promise<Page>;
  /** Settles when the browser or one of its pages has crashed; never rejects. */
  readonly crashed: Promise<Failure>;
  /** Ends the browser within 10 s, by force where it does not end by itself. */
  readonly close: () => Promise<void>;
};

/** No prompts, no traffic of its own, and a fake camera. */
export const quietArguments: readonly string[] = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
];

/** What every measuring browser is told: to be quiet, and not to throttle what is not looked at. */
const baseArguments: readonly string[] = [
  ...quietArguments,
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  "--auto-select-desktop-capture-source=Entire screen",
];

/** How long a browser may take to start, ms. */
const launchWithinMs = 30_000;
/** How long it may take to end by itself, ms. */
const closeWithinMs = 5000;

function argumentsFor({ wrapper, secureOrigins }: LaunchOptions): string[] {
  // Addresses of other namespaces are found by their numbers, not by multicast names, which do not cross over.
  const numbers = wrapper === null ? [] : ["--disable-features=WebRtcHideLocalIpsWithMdns"];
  const secure =
    secureOrigins.length === 0
      ? []
      : [`--unsafely-treat-insecure-origin-as-secure=${secureOrigins.join(",")}`];
  // Chromium's sandbox cannot be had by root.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return [...baseArguments, ...sandbox, ...numbers, ...secure];
}

/** Starts a browser with a fresh profile, which is gone when it is closed. */
export async function launchBrowser(options: LaunchOptions): Promise<Result<DrivenBrowser>> {
  const { chromium } = await import("playwright");
  const executablePath = options.wrapper ?? options.browser.path ?? undefined;
  try {
    const server = await chromium.launchServer({
      headless: options.isHeadless,
      args: argumentsFor(options),
      timeout: launchWithinMs,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      ...(executablePath === undefined ? {} : { executablePath }),
    });
    const browser = await chromium.connect(server.wsEndpoint(), { timeout: launchWithinMs });
    const name = options.browser.name === "edge" ? "Edge" : "Chromium";
    const closed = { now: false };
    return succeed({
      version: `${name} ${browser.version()}`,
      ...openPages(browser, closed),
      close: async () => {
        closed.now = true;
        await within(closeWithinMs, server.close());
        await within(closeWithinMs, server.kill());
        killGroup(server.process().pid);
      },
    });
  } catch (error) {
    return fail({
      kind: "unsupported",
      what: "Starting the browser",
      where: options.browser.path ?? options.browser.name,
      next: "Start it once by hand to see what it lacks, or choose another by --browser.",
      cause: firstLine(reason(error)),
    });
  }
}

/**
 * Kills what is left of a browser that has ended: a page that hangs does not hear of it. Playwright starts each browser as the leader of
 * a group of its own, where systems have them.
 */
function killGroup(id: number | undefined): void {
  if (id === undefined || process.platform === "win32") return;
  try {
    process.kill(-id, "SIGKILL");
  } catch {
    // Nobody of that group is left, as it should be.
  }
}

/** Opens a page of a device of its own. A browser that does not answer rejects with `PageTrouble`. */
export async function openDevicePage(
  browser: Pick<Browser, "newContext">,
  limitMs: number = answerWithinMs,
): Promise<Page> {
  const context = await answered(browser.newContext({ ignoreHTTPSErrors: true }), limitMs, "the browser");
  return answered(context.newPage(), limitMs, "the browser");
}

function openPages(
  browser: Browser,
  closed: { readonly now: boolean },
): Pick<DrivenBrowser, "openPage" | "crashed"> {
  const pages = new EventEmitter<{ crash: [Failure] }>();
  const crashed = new Promise<Failure>((resolve) => {
    pages.once("crash", resolve);
  });
  browser.on("disconnected", () => {
    if (!closed.now) pages.emit("crash", crash("the browser"));
  });
  return {
    crashed,
    openPage: async () => {
      const page = await openDevicePage(browser);
      page.on("crash", () => pages.emit("crash", crash("a page")));
      return page;
    },
  };
}

function crash(where: string): Failure {
  return {
    kind: "ended-early",
    what: "Measuring",
    where: `${where} crashed`,
    next: "The run is tried again as the plan says. If it goes on, look at the machine's memory.",
  };
}

/** Waits for something, but no longer than this; whether it came. Its failure counts as coming. */
export async function within(limitMs: number, awaited: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const came = awaited.then(
    () => true,
    () => true,
  );
  const isThere = await Promise.race([came, late]);
  clearTimeout(timer);
  return isThere;
}

/** Playwright explains at length; the first line says what was wrong. */
export function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
