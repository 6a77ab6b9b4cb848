import { expect } from "@playwright/test";

import { untilFailed } from "./conditions.ts";
import { startServer, test } from "./server.ts";

test.describe("bad input has its own words", { tag: "@still" }, () => {
  for (const [name, path, words] of [
    ["a code of no room", "/receiver?join=00000000&start=1", /00000000|0000-0000/],
    ["a code that is none", "/receiver?join=nope&start=1", /join/],
    ["a key out of bounds", "/sender?fps=61", /fps.*1 to 60/s],
    ["an unknown key", "/sender?bitrate=2500", /bitrate.*kbps/s],
    ["a key given twice", "/receiver?buffer=1&buffer=2", /buffer.*twice/s],
  ] as const) {
    test(name, async ({ page }) => {
      await page.goto(path);
      expect(await untilFailed(page)).toMatch(words);
    });
  }

  test("a code typed wrongly", async ({ page }) => {
    await page.goto("/receiver");
    await page.getByLabel(/Join code/).fill("7K3M");
    await page.getByRole("button", { name: "Join" }).click();
    expect(await untilFailed(page)).toMatch(/8 letters and digits/);
  });

  test("a camera that is refused", async ({ openDevice }) => {
    const page = await (await openDevice()).newPage();
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException("Permission denied", "NotAllowedError"));
    });
    await page.goto("/sender?scene=camera&start=1");
    expect(await untilFailed(page)).toMatch(/camera/i);
  });

  for (const lacked of ["RTCPeerConnection", "VideoFrame", "Worker"]) {
    test(`a browser without ${lacked}`, async ({ page }) => {
      await page.addInitScript((name) => {
        Reflect.deleteProperty(globalThis, name);
      }, lacked);
      await page.goto("/receiver");
      expect(await untilFailed(page)).toContain(lacked);
    });
  }
});

test(
  "a server that is away is named, and the page goes on when it is back",
  { tag: "@still" },
  async ({ openDevice }) => {
    const server = await startServer();
    const context = await openDevice({ baseURL: server.url });
    const page = await context.newPage();
    await page.route("**/open-sender-tab*.js", (route) => route.abort("connectionrefused"));
    await page.goto("/sender");
    expect(await untilFailed(page)).toContain("went away before the page was loaded");
    await page.unrouteAll();
    await expect(page.getByRole("button", { name: "Start sending" })).toBeVisible();
    // What the page fetches after it stands.
    await page.waitForLoadState("networkidle");
    await server.kill();
    await page.getByRole("button", { name: "Start sending" }).click();
    await expect(page.getByText(/server/i).first()).toBeVisible();
    const again = await startServer(["--port", String(server.port)]);
    await expect(page.getByLabel("Join code")).toBeVisible({ timeout: 30_000 });
    await again.stop();
  },
);
