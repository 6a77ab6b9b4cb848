import { readFile } from "node:fs/promises";

import { expect, type Page } from "@playwright/test";

import type { Measured } from "../src/core/measured.ts";
import type { Observation } from "../src/core/timeline/observation.ts";
import type { ReceiverAutomation, SenderAutomation } from "../src/core/wire/automation.ts";
import {
  easy,
  known,
  measuresOf,
  observationsOf,
  openReceiver,
  openSender,
  reset,
  untilClockKnown,
  untilDisplayed,
  untilJoinable,
  untilMarked,
  untilOtherRun,
} from "./conditions.ts";
import { launchHidingChromium } from "./hiding-chromium.ts";
import { startServer, test } from "./server.ts";

type Face = { readonly streamgauge?: SenderAutomation | ReceiverAutomation };

/** Runs in a receiver's page: so many frames were displayed. */
function hasDisplayed(count: number): boolean {
  const state = (globalThis as Face).streamgauge?.snapshot();
  return (
    state?.phase === "measuring" && "measures" in state && state.measures.reading.displayedCount >= count
  );
}

/** Ends the page's process without a warning. */
async function killPage(page: Page): Promise<void> {
  // A page that is gone never arrives.
  await page.goto("chrome://crash").catch(() => null);
}

/** Every figure of a snapshot by its path. */
function figuresOf(value: unknown, path = ""): readonly (readonly [string, Measured])[] {
  if (typeof value !== "object" || value === null) return [];
  if ("known" in value) return [[path, value as Measured]];
  return Object.entries(value).flatMap(([key, inner]) => figuresOf(inner, `${path}.${key}`));
}

/** What this road cannot have, whatever is waited for. */
const roadless: ReadonlySet<string> = new Set([".stalls.count", ".stalls.totalMs"]);

test("a stream joined by code is read frame by frame, and everything is measured and exported", async ({
  openDevice,
}) => {
  const sender = await openSender(await openDevice());
  const context = await openDevice({ acceptDownloads: true });
  const receiver = await context.newPage();
  await receiver.goto("/");
  await receiver.getByLabel(/Join code/).fill(sender.join.toLowerCase());
  await receiver.getByRole("button", { name: "Join" }).click();
  await untilDisplayed(receiver, 300);
  await untilClockKnown(receiver, 10);

  const measures = await measuresOf(receiver);
  const unknown = figuresOf(measures).filter(([path, figure]) => !figure.known && !roadless.has(path));
  expect(unknown.map(([path]) => path)).toEqual([]);
  expect(known(measures.reading.readRatio, "read ratio")).toBeGreaterThanOrEqual(0.99);
  expect(known(measures.latencyMs.p50, "p50")).toBeGreaterThan(0);
  expect(measures.clock.road).toBe("peer");

  const observations = await observationsOf(receiver);
  expect(observations.length).toBeGreaterThanOrEqual(300);
  const csv = await downloadText(receiver, "Save CSV");
  const json = await downloadText(receiver, "Save JSON");
  expect(csv.trim().split("\n").length).toBeGreaterThan(300);
  const parsed = JSON.parse(json) as { readonly observations: readonly unknown[] };
  expect(parsed.observations.length).toBeGreaterThanOrEqual(300);
  const png = await download(receiver, "Save PNG");
  expect(png.subarray(1, 4).toString()).toBe("PNG");
});

async function download(page: Parameters<typeof measuresOf>[0], name: string): Promise<Buffer> {
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name }).click();
  return readFile(await (await saving).path());
}

async function downloadText(page: Parameters<typeof measuresOf>[0], name: string): Promise<string> {
  return (await download(page, name)).toString("utf8");
}

/** How many frames a second the sender made, by its own capture times. */
function paceFps(observations: readonly Observation[]): number {
  const markers = observations.flatMap(({ reading }) => (reading.read ? [reading.marker] : []));
  const [first, last] = [markers[0], markers.at(-1)];
  if (first === undefined || last === undefined) throw new Error("no marker was read");
  return (last.frameId - first.frameId) / ((last.captureTimeUs - first.captureTimeUs) / 1_000_000);
}

test("a hidden sender keeps its pace, and a hidden receiver takes nothing that it cannot see for a fault", async ({
  openDevice,
  server,
}) => {
  const browser = await launchHidingChromium();
  try {
    const sender = await browser.newPage();
    await sender.goto(`${server.url}/sender?start=1&size=640x360&fps=30`);
    const join = await sender.waitForFunction(() => {
      const state = (globalThis as Face).streamgauge?.snapshot();
      return state?.phase === "sending" && "join" in state ? state.join : null;
    });
    const query = `join=${String(await join.jsonValue())}&start=1`;
    const receiver = await openReceiver(await openDevice(), String(await join.jsonValue()));
    await untilDisplayed(receiver, 30);
    // Another tab is in front now: the first is drawn no more, and its timers run once a second.
    const beside = await browser.newPage();
    expect(await sender.evaluate(() => document.visibilityState)).toBe("hidden");
    await reset(receiver);
    await untilDisplayed(receiver, 120);
    expect(Math.abs(paceFps(await observationsOf(receiver)) - 30)).toBeLessThan(2);

    await beside.goto(`${server.url}/receiver?${query}`);
    await beside.waitForFunction(hasDisplayed, {}, 60);
    await sender.bringToFront();
    const atHiding = await measuresOf(receiver);
    // Two seconds of video, by the receiver that sees it.
    await untilDisplayed(receiver, atHiding.reading.displayedCount + 60);
    await beside.bringToFront();
    await beside.waitForFunction(hasDisplayed, {}, 90);
    const seen = await beside.evaluate(() => (globalThis as Face).streamgauge?.snapshot());
    if (seen?.phase !== "measuring" || !("measures" in seen)) throw new Error("nothing is measured");
    const { freezes, hiddenMs } = seen.measures;
    expect(hiddenMs).toBeGreaterThan(500);
    expect(known(freezes.longestMs, "longest freeze")).toBeLessThan(hiddenMs);
    const events = await beside.evaluate(() => (globalThis as Face).streamgauge?.events() ?? []);
    expect(events.filter(({ kind }) => kind === "hidden")).toHaveLength(1);
  } finally {
    await browser.close();
  }
});

test("the receiver goes on by itself when the sender is reloaded, stopped, killed and opened again @beside", async ({
  openDevice,
}) => {
  const context = await openDevice();
  const sender = await openSender(context, easy);
  const receiver = await openReceiver(await openDevice(), sender.join);
  const begunAgain = async (page: Page): Promise<void> => {
    const { runNumber } = await measuresOf(receiver);
    expect(await untilJoinable(page)).toBe(sender.join);
    await untilOtherRun(receiver, runNumber);
  };
  await sender.page.reload();
  await begunAgain(sender.page);

  await sender.page.getByRole("button", { name: "Stop" }).click();
  await expect(receiver.getByText("lost: the sender stopped; waiting for it")).toBeVisible();
  await sender.page.getByRole("button", { name: "Start sending" }).click();
  await begunAgain(sender.page);

  await Promise.all([sender.page.waitForEvent("crash"), killPage(sender.page)]);
  await sender.page.close();
  const again = await openSender(context, easy);
  await begunAgain(again.page);
  // Another sender in the same browser is none of these receivers' affair.
  const beside = await openSender(context, easy);
  expect(beside.join).not.toBe(sender.join);
  await beside.page.close();
  const kinds = await receiver.evaluate(() =>
    (globalThis as unknown as { streamgauge: { events: () => { kind: string }[] } }).streamgauge
      .events()
      .map((event) => event.kind),
  );
  expect(kinds).toContain("run");
});

test("the sender goes on by itself when a receiver is reloaded or goes away, and what was measured outlives the sender @beside", async ({
  openDevice,
}) => {
  const sender = await openSender(await openDevice(), easy);
  const receiver = await openReceiver(await openDevice(), sender.join);
  await receiver.reload();
  await untilDisplayed(receiver, 20);
  await receiver.close();
  await expect(sender.page.getByText("Nobody has joined yet.")).toBeVisible();
  const again = await openReceiver(await openDevice(), sender.join);
  await untilDisplayed(again, 20);

  await sender.page.getByRole("button", { name: "Stop" }).click();
  await expect(again.getByText("lost: the sender stopped; waiting for it")).toBeVisible();
  const ended = await measuresOf(again);
  known(ended.latencyMs.p50, "p50");
  const csv = await downloadText(again, "Save CSV");
  expect(csv.trim().split("\n")).toHaveLength(1 + ended.reading.displayedCount);
  await expect(again.getByRole("button", { name: "Keep this run" })).toBeEnabled();
  await again.getByRole("button", { name: "Leave" }).click();
  await expect(again.getByLabel(/Join code/)).toBeVisible();

  await sender.page.getByRole("button", { name: "Show to a camera" }).click();
  await untilJoinable(sender.page);
  expect(
    await sender.page.evaluate(
      () => document.fullscreenElement?.querySelector("video") instanceof HTMLVideoElement,
    ),
  ).toBe(true);
  expect(new URL(sender.page.url()).searchParams.get("scene")).toBe("marker");
});

test("stream and room outlive a restart of the server @beside", async ({ openDevice }) => {
  const first = await startServer();
  const context = await openDevice({ baseURL: first.url });
  const sender = await openSender(context, easy);
  const receiver = await openReceiver(await openDevice({ baseURL: first.url }), sender.join);
  await first.kill();
  const before = (await measuresOf(receiver)).reading.displayedCount;
  await untilDisplayed(receiver, before + 30);
  const second = await startServer(["--port", String(first.port)]);
  try {
    const join = await untilJoinable(sender.page);
    const late = await openReceiver(await openDevice({ baseURL: second.url }), join);
    await untilDisplayed(late, 20);
  } finally {
    await second.stop();
  }
});

test("a receiver joins by scanning the sender's QR with its camera; its view pauses while measuring goes on, a moment is marked, and a reset begins afresh @beside", async ({
  openDevice,
}) => {
  const sender = await openSender(await openDevice(), easy);
  const code = await sender.page.getByRole("img", { name: /QR of the link/ }).screenshot();
  const receiver = await (await openDevice()).newPage();
  await receiver.addInitScript(
    (picture) => {
      navigator.mediaDevices.getUserMedia = async () => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
        const image = Object.assign(new Image(), { src: picture });
        await image.decode();
        // Drawn again and again: a camera's picture never stands still.
        setInterval(() => canvas.getContext("2d")?.drawImage(image, 200, 120), 100);
        return canvas.captureStream();
      };
    },
    `data:image/png;base64,${code.toString("base64")}`,
  );
  await receiver.goto("/receiver");
  await receiver.getByRole("button", { name: "Scan QR" }).click();
  await untilDisplayed(receiver, 15);

  await receiver.keyboard.press("Space");
  await expect(receiver.getByText(/view paused/)).toBeVisible();
  const before = (await measuresOf(receiver)).reading.displayedCount;
  await untilDisplayed(receiver, before + 30);
  await receiver.keyboard.press("Space");
  await receiver.keyboard.press("m");
  await receiver.getByLabel("Note for this moment").fill("switched networks");
  await receiver.keyboard.press("Enter");
  await untilMarked(receiver, "switched networks");
  const last = (await measuresOf(receiver)).reading.displayedCount;
  await receiver.keyboard.press("r");
  expect((await measuresOf(receiver)).reading.displayedCount).toBeLessThan(last);
});
