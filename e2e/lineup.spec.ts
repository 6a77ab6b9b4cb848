import { expect, type Page } from "@playwright/test";

import { easy, expectAccessible, expectNoSidewaysScroll, openSender } from "./conditions.ts";
import { createLivePlaylist } from "./live-playlist.ts";
import { marked } from "./marked-media.ts";
import { mediaTest as test } from "./media-test.ts";
import { figure, openStreams, reportsOf, untilAllRead, untilPairs } from "./streams.ts";

/** Delays injected into the three captured streams, ms. */
const injectedMs = [0, 500, 2000] as const;

/**
 * Puts streams of known delay where the browser's captures are: frames of one marked video, each handed on so many ms after it
 * was shown. The camera has the first delay, shared tabs the others in turn.
 */
async function captureWithDelays(page: Page, address: string): Promise<void> {
  await page.addInitScript(
    ({ from, delaysMs }) => {
      type Writer = { readonly write: (frame: VideoFrame) => Promise<void> };
      const scope = globalThis as unknown as {
        readonly MediaStreamTrackGenerator: new (init: { kind: "video" }) => MediaStreamTrack & {
          readonly writable: { readonly getWriter: () => Writer };
        };
      };
      const outlets: { readonly writer: Writer; readonly delayMs: number }[] = [];
      const play = async (): Promise<void> => {
        const video = document.createElement("video");
        video.src = URL.createObjectURL(await (await fetch(from)).blob());
        video.muted = true;
        video.loop = true;
        const onFrame = (): void => {
          video.requestVideoFrameCallback(onFrame);
          const frame = new VideoFrame(video);
          for (const { writer, delayMs } of outlets) {
            const copy = frame.clone();
            setTimeout(() => void writer.write(copy).catch(() => undefined), delayMs);
          }
          frame.close();
        };
        video.requestVideoFrameCallback(onFrame);
        await video.play();
      };
      const capture = async (): Promise<MediaStream> => {
        const generator = new scope.MediaStreamTrackGenerator({ kind: "video" });
        outlets.push({ writer: generator.writable.getWriter(), delayMs: delaysMs[outlets.length] ?? 0 });
        if (outlets.length === 1) await play();
        return new MediaStream([generator]);
      };
      navigator.mediaDevices.getUserMedia = capture;
      navigator.mediaDevices.getDisplayMedia = capture;
    },
    { from: address, delaysMs: injectedMs },
  );
}

test("the delays of three streams from one source are found from frame to frame, and the worst is marked", async ({
  openDevice,
  mediaServer,
}) => {
  const page = await (await openDevice()).newPage();
  await captureWithDelays(page, `${mediaServer.url}/${marked.mp4}`);
  await page.goto("/receiver");
  await page.getByRole("button", { name: "Film a screen" }).click();
  await untilAllRead(page, 1, 10);
  for (const count of [2, 3]) {
    await page.getByRole("button", { name: "Add a stream" }).click();
    await page.getByRole("button", { name: "Share a tab" }).click();
    await untilAllRead(page, count, 10);
  }
  await page.getByRole("button", { name: "Reset" }).click();
  await untilPairs(page, 120);

  const reports = await reportsOf(page);
  expect(reports.map(({ kind }) => kind)).toEqual(["camera", "screen", "screen"]);
  for (const [index, { differentialMs, isControl }] of reports.entries()) {
    if (isControl) continue;
    const wantedMs = injectedMs[index] ?? 0;
    expect(Math.abs(figure(differentialMs.p50) - wantedMs), `stream ${index + 1}`).toBeLessThan(50);
  }
  const table = page.getByRole("table");
  await expect(table.getByTitle("The worst of this column").first()).toContainText("20");
  const rows = table.getByRole("row");
  await table.getByRole("button", { name: /Δ p50/ }).click();
  await expect(rows.nth(1)).toContainText(/20\d\d/);
  await table.getByRole("button", { name: /Δ p50/ }).click();
  await expect(rows.nth(1)).toContainText(/[45]\d\d/);

  await rows.nth(1).getByRole("button", { name: "Control" }).click();
  await untilPairs(page, 30);
  const [, second, third] = await reportsOf(page);
  expect(second?.isControl).toBe(true);
  expect(third === undefined ? 0 : figure(third.differentialMs.p50)).toBeGreaterThan(1400);
  await rows.nth(1).getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("status").first()).toContainText("2 of 2 connected");
});

test("a sender, HLS, DASH and a file are measured side by side, and one link opens them again @beside", async ({
  openDevice,
  mediaServer,
}) => {
  mediaServer.behave(createLivePlaylist(40).rule);
  const sender = await openSender(await openDevice(), easy);
  const addresses = ["live.m3u8", marked.dash, marked.mp4].map((path) => `${mediaServer.url}/${path}`);
  const page = await openStreams(await openDevice(), addresses, `&join=${sender.join}&control=3`);
  await untilAllRead(page, 4, 60);

  const reports = await reportsOf(page);
  expect(reports.map(({ kind }) => kind)).toEqual(["peer", "hls", "dash", "file"]);
  expect(reports.map(({ isControl }) => isControl)).toEqual([false, false, true, false]);
  const [direct, , , file] = reports;
  expect(direct?.differentialMs.p50).toEqual({
    known: false,
    why: "it shows another run than the control",
  });
  expect(file?.differentialMs.p50).toMatchObject({ known: true });
  await expect(page.getByText(/^Frame \d+ of run/)).toBeVisible();
  await expect(page.locator('[data-chart="Comparison"] svg')).toBeVisible();
  await expect(page.locator('[data-chart="Differences"] svg')).toBeVisible();
  expect(new URL(page.url()).searchParams.getAll("url")).toEqual(addresses);
  expect(new URL(page.url()).searchParams.get("control")).toBe("3");

  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);

  await page.getByRole("button", { name: "Leave all" }).click();
  await expect(page.getByRole("status").first()).toContainText("Not receiving");
  await page.getByRole("button", { name: "Start all" }).click();
  await untilAllRead(page, 4, 10);
});
