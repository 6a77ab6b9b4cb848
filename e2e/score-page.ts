import { readFile } from "node:fs/promises";

import { expect, type Page } from "@playwright/test";

import type { ScoreReport } from "../src/core/quality/score-report.ts";

/** Opens the score page of the one recording there is. */
export async function openKept(receiver: Page): Promise<Page> {
  const link = receiver.getByRole("region", { name: "Recordings" }).getByRole("link");
  const [tab] = await Promise.all([receiver.waitForEvent("popup"), link.click()]);
  return tab;
}

/** Scores what is chosen on the score page; resolves with what the page exports, and throws the words of its refusal. */
export async function scoreChosen(page: Page, timeoutMs: number): Promise<ScoreReport> {
  await page.getByRole("button", { name: "Score", exact: true }).click();
  const save = page.getByRole("button", { name: "Save JSON" });
  await expect(save.or(page.getByRole("alert"))).toBeVisible({ timeout: timeoutMs });
  if (!(await save.isVisible())) throw new Error((await page.getByRole("alert").textContent()) ?? "");
  const [download] = await Promise.all([page.waitForEvent("download"), save.click()]);
  return JSON.parse(await readFile(await download.path(), "utf8")) as ScoreReport;
}
