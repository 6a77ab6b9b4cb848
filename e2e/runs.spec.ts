import { gzipSync } from "node:zlib";

import { expect, type Page } from "@playwright/test";

import { testId, testJournal, testStartUs, type TestRun } from "../src/server/store/journal.fake.ts";
import { easy, expectAccessibleAnyhow, openReceiver, openSender, untilDisplayed } from "./conditions.ts";
import { startServer, test as base, type InstrumentServer } from "./server.ts";

/** A server of this file alone, so that its store holds what these tests put there. */
const test = base.extend<object, { readonly server: InstrumentServer }>({
  server: [
    async ({}, provide) => {
      const server = await startServer();
      await provide(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
});

function fileOf(...runs: readonly TestRun[]): Buffer {
  const lines = runs.flatMap((run) => testJournal(run, 1800));
  return gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

async function importRuns(page: Page, ...runs: readonly TestRun[]): Promise<void> {
  await page.goto("/runs");
  const file = { name: "runs.jsonl.gz", mimeType: "application/gzip", buffer: fileOf(...runs) };
  await page.getByLabel("Run file").setInputFiles(file);
}

const dayUs = 86_400_000_000;
const runs: readonly TestRun[] = [
  { number: 51, provider: "direct", latencyP95Ms: 61, startedAtUs: testStartUs },
  { number: 52, provider: "CDN", latencyP95Ms: 940, startedAtUs: testStartUs + dayUs },
  { number: 53, provider: "CDN", latencyP95Ms: 910, startedAtUs: testStartUs + 2 * dayUs },
  {
    number: 54,
    provider: "CDN",
    startedAtUs: testStartUs + 3 * dayUs,
    outcome: { kind: "cut", why: "it was stopped" },
  },
];

test(
  "runs are imported, found, put side by side, followed over time and deleted",
  { tag: "@still" },
  async ({ page }) => {
    await importRuns(page, ...runs);
    const list = page.getByRole("region", { name: "List of runs" });
    await expect(list.getByRole("checkbox")).toHaveCount(4);
    await expect(list.getByText("cut short")).toBeVisible();
    await page.getByLabel("Provider", { exact: true }).selectOption("CDN");
    await expect(list.getByRole("checkbox")).toHaveCount(3);
    await page.getByRole("link", { name: /95th percentile/ }).click();
    await expect(list.getByRole("row").nth(1)).toContainText("940.0");

    await list.getByRole("checkbox").nth(0).check();
    await list.getByRole("checkbox").nth(1).check();
    await page.getByRole("button", { name: "Side by side" }).click();
    await expect(
      page.getByRole("figure", { name: "Mean latency of each run" }).locator("path.recharts-curve"),
    ).toHaveCount(2);
    await expect(
      page.getByRole("region", { name: "Measures of the runs" }).getByTitle("The worst of this row"),
    ).toHaveCount(1);

    await page.goto("/runs?trend=latency.p95&provider=CDN");
    await expect(
      page.getByRole("figure", { name: /over time/ }).locator(".recharts-scatter-symbol"),
    ).toHaveCount(2);

    await page.goto(`/runs?run=${testId(54)}`);
    await expect(page.getByText("cut short: it was stopped")).toBeVisible();
    page.once("dialog", (dialog) => void dialog.accept());
    await page.getByRole("button", { name: "Delete" }).click();
    await expect(page.getByRole("region", { name: "List of runs" }).getByRole("checkbox")).toHaveCount(3);
  },
);

test(
  "note and tags stay, and a run leaves and comes back as one file",
  { tag: "@still" },
  async ({ page }) => {
    await importRuns(page, { number: 60, provider: "direct" });
    await expect(page.getByRole("figure", { name: "Latency over the run" })).toBeVisible();
    await page.getByLabel("Note", { exact: true }).fill("after the firmware");
    await page.getByLabel(/^Tags/).fill("lab, 5G");
    await page.getByRole("button", { name: "Keep note and tags" }).click();
    await expect(page.getByText("Kept.")).toBeVisible();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export" }).click(),
    ]);
    const path = await download.path();
    page.once("dialog", (dialog) => void dialog.accept());
    await page.getByRole("button", { name: "Delete" }).click();
    await page.waitForURL("**/runs");
    await page.getByLabel("Run file").setInputFiles(path);
    await expect(page.getByLabel("Note", { exact: true })).toHaveValue("after the firmware");
    await expect(page.getByLabel(/^Tags/)).toHaveValue("lab, 5G");
  },
);

test("a file that is no run is refused in words", { tag: "@still" }, async ({ page }) => {
  await page.goto("/runs");
  await page
    .getByLabel("Run file")
    .setInputFiles({ name: "x.jsonl", mimeType: "text/plain", buffer: Buffer.from("hello") });
  await expect(page.getByRole("alert")).toContainText("It is no run file of this instrument");
});

test("the receiver tab keeps what it measured as a run, as soon as the server is there @beside", async ({
  openDevice,
}) => {
  const sender = await openSender(await openDevice(), easy);
  const receiver = await openReceiver(await openDevice(), sender.join);
  await untilDisplayed(receiver, 45);
  await receiver.getByRole("button", { name: "Keep this run" }).click();
  await receiver.getByLabel("Provider’s name").fill("my own road");
  await receiver.route("**/api/runs", (route) => route.abort());
  await receiver.getByRole("button", { name: "Keep", exact: true }).click();
  await expect(receiver.getByText("The server is away")).toBeVisible();
  await receiver.unroute("**/api/runs");
  await receiver.getByRole("link", { name: "See the run" }).click();
  await expect(receiver.getByRole("heading", { name: "my own road" })).toBeVisible();
  await expect(
    receiver.getByRole("figure", { name: "Latency over the run" }).locator("path.recharts-line-curve"),
  ).toBeVisible();
});

test(
  "every view of the Runs tab is accessible in all colours, and fits a small phone",
  { tag: "@still" },
  async ({ page }) => {
    await importRuns(page, ...runs);
    await expect(page.getByRole("checkbox").first()).toBeVisible();
    const compare = `compare=${testId(51)},${testId(52)}`;
    for (const query of ["", `run=${testId(51)}`, compare, "trend=latency.p95"]) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto(`/runs?${query}`);
      await expect(page.getByText(/Asking the server|Loading/)).toHaveCount(0);
      await expectAccessibleAnyhow(page);
    }
  },
);
