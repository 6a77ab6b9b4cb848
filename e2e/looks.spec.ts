import { expect } from "@playwright/test";

import { easy, expectAccessibleAnyhow, openReceiver, openSender } from "./conditions.ts";
import { test } from "./server.ts";

for (const path of [
  "/",
  "/sender",
  "/sender?via=hls",
  "/receiver",
  "/receiver?join=nope",
  "/runs",
  "/score",
  "/nowhere",
]) {
  test(
    `${path} is accessible in all colours, and fits a small phone`,
    { tag: "@still" },
    async ({ page }) => {
      await page.goto(path);
      await expect(page.getByRole("main")).toBeVisible();
      await expectAccessibleAnyhow(page);
    },
  );
}

test("both tabs are accessible in all colours and fit a small phone while they work @beside", async ({
  openDevice,
}) => {
  const sender = await openSender(await openDevice(), easy);
  const receiver = await openReceiver(await openDevice(), sender.join);
  await expect(receiver.getByLabel("Latency histogram").first()).toBeVisible();
  for (const page of [sender.page, receiver]) await expectAccessibleAnyhow(page);
});

test("the colours chosen here stay on the next visit", { tag: "@still" }, async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: /Colours/i }).click();
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
});

test(
  "every control is reached by the tab key, with its focus in sight",
  { tag: "@still" },
  async ({ page }) => {
    await page.goto("/receiver");
    await expect(page.getByRole("button", { name: "Scan QR" })).toBeVisible();
    const seen = new Set<string>();
    for (let press = 0; press < 20; press++) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => {
        const { activeElement } = document;
        if (activeElement === null || activeElement === document.body) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(activeElement);
        return {
          name: activeElement.textContent || activeElement.id,
          outline: `${outlineStyle} ${outlineWidth}`,
        };
      });
      if (focused === null) break;
      expect(focused.outline, focused.name).toBe("solid 2px");
      seen.add(focused.name);
    }
    expect([...seen].join(" ")).toMatch(/Join.*Scan QR/s);
  },
);
