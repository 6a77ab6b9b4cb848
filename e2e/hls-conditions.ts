import { expect, type BrowserContext, type Page } from "@playwright/test";

import type { PictureSize } from "../src/core/marker/layout.ts";
import type { ReceiverAutomation, SenderAutomation, StreamReport } from "../src/core/wire/automation.ts";
import { observationsOf } from "./conditions.ts";

type Face = { readonly streamgauge?: SenderAutomation | ReceiverAutomation };

/** Opens a sender that publishes HLS by its address; resolves once it can be played. */
export async function openHlsSender(
  context: BrowserContext,
  query: string,
  origin = "",
): Promise<{ readonly page: Page; readonly playUrl: string; readonly link: string }> {
  const page = await context.newPage();
  await page.goto(`${origin}/sender?start=1&via=hls${query}`);
  return { page, ...(await untilPlayable(page)) };
}

/** The stream can be played, and its control joined where there is one. Resolves with its address and the receiver's link. */
export async function untilPlayable(
  sender: Page,
): Promise<{ readonly playUrl: string; readonly link: string }> {
  const live = await sender.waitForFunction(() => {
    const doing = (globalThis as Face).streamgauge?.snapshot();
    if (doing?.phase !== "sending" || !("outlet" in doing) || doing.outlet?.state !== "live") return null;
    if (doing.setup.control && doing.join === null) return null;
    return doing.outlet.playUrl === null ? null : { playUrl: doing.outlet.playUrl, link: doing.link };
  });
  const found = await live.jsonValue();
  if (found === null) throw new Error("the sender tells no address");
  return found;
}

/** Every stream of a receiver, as it stands. */
export async function streamsOf(receiver: Page): Promise<readonly StreamReport[]> {
  return receiver.evaluate(() => {
    const { streamgauge } = globalThis as Face;
    return streamgauge?.role === "receiver" ? streamgauge.streams() : [];
  });
}

/** So many frames were displayed by the control and by each other stream, since the last reset. */
export async function untilPaired(receiver: Page, pairCount: number): Promise<void> {
  await receiver.waitForFunction((wanted) => {
    const { streamgauge } = globalThis as Face;
    const streams = streamgauge?.role === "receiver" ? streamgauge.streams() : [];
    const others = streams.filter(({ isControl }) => !isControl);
    return others.length > 0 && others.every(({ differentialMs }) => differentialMs.pairCount >= wanted);
  }, pairCount);
}

/** What a page may receive, kbit/s; null: all that there is. It is one session's to change: conditions of several add up. */
export async function throttleOf(page: Page): Promise<(rateKbps: number | null) => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  return async (rateKbps) => {
    const downloadThroughput = rateKbps === null ? -1 : (rateKbps * 1000) / 8;
    const unchanged = { offline: false, latency: 0, uploadThroughput: -1 };
    await session.send("Network.emulateNetworkConditions", { ...unchanged, downloadThroughput });
  };
}

/** So many frames of this size were displayed since the last reset. */
export async function untilSize(receiver: Page, size: PictureSize, count: number): Promise<void> {
  await expect
    .poll(async () => {
      const all = await observationsOf(receiver);
      return all.filter((one) => one.widthPx === size.widthPx && one.heightPx === size.heightPx).length;
    })
    .toBeGreaterThanOrEqual(count);
}

/** The frame displayed now is younger than this. */
export async function untilLatencyBelow(receiver: Page, limitMs: number): Promise<void> {
  await receiver.waitForFunction((limit) => {
    const state = (globalThis as Face).streamgauge?.snapshot();
    if (state?.phase !== "measuring" || !("measures" in state)) return false;
    const { now } = state.measures.latencyMs;
    return now.known && now.value < limit;
  }, limitMs);
}

/** So many whole segments stand in a playlist. */
export async function untilSegments(url: string, count: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const answer = await fetch(url);
        return answer.ok ? ((await answer.text()).match(/#EXTINF/g) ?? []).length : 0;
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThanOrEqual(count);
}

/**
 * The stream of a playlist has ended. Resolves with what is listed since its last discontinuity, after a look that all of it
 * is there: not even the last segment is marked as absent.
 */
export async function untilEndedWhole(url: string): Promise<string> {
  let text = "";
  await expect
    .poll(async () => (text = await (await fetch(url)).text()), { timeout: 10_000 })
    .toContain("#EXT-X-ENDLIST");
  const last = text.slice(text.lastIndexOf("#EXT-X-DISCONTINUITY\n") + 1);
  expect(last).not.toContain("#EXT-X-GAP");
  for (const name of last.match(/^[^#\n].*\.m4s$/gm) ?? [])
    expect((await fetch(new URL(name, url))).status, name).toBe(200);
  return last;
}

/** How far from its place a player may stand: the edge moves part by part, ms. */
const roomMs = 300;

/**
 * Opens a receiver whose players all stand as far behind their edge as asked. A machine under load may make one stall, which
 * is a delay of its own: then the page is loaded again.
 */
export async function openInPlace(receiver: Page, url: string, syncMs: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await receiver.goto(url);
    try {
      await untilPaired(receiver, 30);
      await receiver.waitForFunction(areInPlace, { syncMs, placeRoomMs: roomMs }, { timeout: 8000 });
      return;
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

/** Runs in the page: every player is in its place. */
function areInPlace({
  syncMs,
  placeRoomMs,
}: {
  readonly syncMs: number;
  readonly placeRoomMs: number;
}): boolean {
  const { streamgauge } = globalThis as Face;
  const streams = streamgauge?.role === "receiver" ? streamgauge.streams() : [];
  return streams.every(({ delivery }) => {
    const behind = delivery?.behindEdgeMs;
    return behind?.known === true && behind.value > syncMs - placeRoomMs && behind.value < syncMs + 50;
  });
}
