import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";

/** A browser of this machine; null path: the one that Playwright installed for itself. */
export type FoundBrowser = { readonly name: string; readonly path: string | null };

type Kind = "chromium" | "chrome" | "edge";

/** Commands and places by browser, the usual first. */
const known: Readonly<
  Record<Kind, { readonly commands: readonly string[]; readonly places: readonly string[] }>
> = {
  chromium: {
    commands: ["chromium", "chromium-browser"],
    places: ["/Applications/Chromium.app/Contents/MacOS/Chromium", "/snap/bin/chromium"],
  },
  chrome: {
    commands: ["google-chrome-stable", "google-chrome", "chrome"],
    places: [
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
      "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
      "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
    ],
  },
  edge: {
    commands: ["microsoft-edge-stable", "microsoft-edge"],
    places: [
      "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
      "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
    ],
  },
};

const kinds: readonly Kind[] = ["chromium", "chrome", "edge"];

function isKind(asked: string): asked is Kind {
  return Object.hasOwn(known, asked);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findKind(kind: Kind, searchPath: string): FoundBrowser | null {
  const { commands, places } = known[kind];
  const directories = searchPath.split(delimiter).filter((directory) => directory !== "");
  const paths = commands.flatMap((command) => directories.map((directory) => join(directory, command)));
  const path = [...paths, ...places].find(isExecutable);
  return path === undefined ? null : { name: kind, path };
}

/**
 * Finds the browser to drive: Chromium, Chrome or Edge of this machine, in this order, else Playwright's own.
 * @param asked `chromium`, `chrome`, `edge`, `playwright` or a path; null takes what there is
 * @param ownPath where Playwright keeps its own browser, whether it is there or not
 */
export function findBrowser(
  asked: string | null,
  searchPath: string,
  ownPath: () => string,
): Result<FoundBrowser> {
  if (asked !== null && asked !== "playwright" && !isKind(asked)) return atPath(asked);
  const wanted = asked === null ? kinds : kinds.filter((kind) => kind === asked);
  for (const kind of wanted) {
    const found = findKind(kind, searchPath);
    if (found !== null) return succeed(found);
  }
  const isOwnWanted = asked === null || asked === "playwright";
  if (isOwnWanted && isExecutable(ownPath())) return succeed({ name: "playwright", path: null });
  const next = "Install Chromium or Chrome, or run npx playwright install chromium, or give --browser PATH.";
  return fail(noBrowser(asked ?? "Chromium, Chrome, Edge or Playwright's own", next));
}

function atPath(asked: string): Result<FoundBrowser> {
  if (!isAbsolute(asked))
    return fail(noBrowser(asked, "Name chromium, chrome, edge, playwright, or a path from the root on."));
  if (!isExecutable(asked)) return fail(noBrowser(asked, "There is no program at that path."));
  return succeed({ name: asked, path: asked });
}

function noBrowser(where: string, next: string): Failure {
  return { kind: "unsupported", what: "Finding a browser to measure with", where, next };
}
