import { chmod, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { findBrowser } from "./browsers.ts";

let directory = "";
const nowhere = (): string => "/nowhere/chrome";

async function install(folder: string, command: string): Promise<string> {
  const path = join(directory, folder, command);
  await mkdir(join(directory, folder), { recursive: true });
  await writeFile(path, "#!/bin/sh\n");
  await chmod(path, 0o755);
  return path;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "streamgauge-browsers-"));
});

describe("a browser to measure with", () => {
  it("is Chromium before Chrome before Edge, wherever they stand in PATH", async () => {
    const edge = await install("edge", "microsoft-edge");
    const chrome = await install("chrome", "google-chrome");
    const path = [join(directory, "edge"), join(directory, "chrome")].join(delimiter);
    expect(findBrowser(null, path, nowhere)).toMatchObject({ value: { name: "chrome", path: chrome } });
    expect(findBrowser("edge", path, nowhere)).toMatchObject({ value: { name: "edge", path: edge } });
  });

  it("is Playwright's own where there is no other", async () => {
    const own = await install("own", "headless");
    expect(findBrowser("playwright", "", () => own)).toMatchObject({
      value: { name: "playwright", path: null },
    });
  });

  it.each(["playwright", "netscape", "/nowhere/at/all"])(
    "asked for as %s that is not there is refused",
    (asked) => {
      expect(findBrowser(asked, "", nowhere)).toMatchObject({ ok: false, failure: { kind: "unsupported" } });
    },
  );
});
