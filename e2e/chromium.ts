import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const macPlaces = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where this machine keeps Chromium or Chrome; null when Playwright has to use its own. */
export function findChromium(): string | null {
  const places = (process.env["PATH"] ?? "").split(delimiter);
  const paths = names.flatMap((name) => places.map((place) => join(place, name)));
  return [...paths, ...macPlaces].find(isExecutable) ?? null;
}
