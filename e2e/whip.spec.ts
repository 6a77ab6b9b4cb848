import { expect } from "@playwright/test";

import { known, measuresOf, untilClockKnown, untilDisplayed, untilFailed } from "./conditions.ts";
import { decodedCount, downloadKept, record } from "./recordings.ts";
import { test } from "./server.ts";
import { startWhipServer } from "./whip-server.ts";

const small = "&size=320x180&fps=20&codec=vp8&kbps=400";

test("a stream goes out by WHIP with a token, is played by WHEP, measured and recorded, and ends at the server @beside", async ({
  openDevice,
}) => {
  const server = await startWhipServer({ token: "t0ken" });
  try {
    const sender = await (await openDevice()).newPage();
    const whip = `&via=whip&whip=${encodeURIComponent(server.whipUrl)}&token=t0ken`;
    await sender.goto(`/sender?start=1${small}${whip}&play=${encodeURIComponent(server.whepUrl)}`);
    await expect(sender.getByRole("banner").getByText("Sending")).toBeVisible();
    expect(sender.url()).not.toMatch(/t0ken|whip=/);

    const link = await sender.getByRole("link", { name: /receiver\?url=/ }).getAttribute("href");
    const receiver = await (await openDevice({ acceptDownloads: true })).newPage();
    await receiver.goto(link ?? "");
    await untilDisplayed(receiver, 60);
    await untilClockKnown(receiver, 3);
    const measures = await measuresOf(receiver);
    expect(known(measures.reading.readRatio, "read ratio")).toBeGreaterThanOrEqual(0.95);
    expect(known(measures.latencyMs.p50, "p50")).toBeLessThan(1000);
    await record(receiver, 30);
    expect(await decodedCount((await downloadKept(receiver)).path)).toBeGreaterThanOrEqual(20);

    await sender.getByRole("button", { name: "Stop" }).click();
    await expect.poll(() => server.log).toContain("DELETE whip");
    expect(server.publisherCount()).toBe(0);
  } finally {
    await server.stop();
  }
});

test("what a WHIP endpoint does not do is told in words @still", async ({ openDevice }) => {
  const sender = await (await openDevice()).newPage();
  for (const [options, words] of [
    [{ token: "other" }, /bearer token/],
    [{ status: 404 }, /no endpoint/],
    [{ status: 405 }, /takes no POST/],
    [{ status: 406 }, /another codec/],
    [{ cors: false }, /CORS/],
  ] as const) {
    const server = await startWhipServer(options);
    await sender.goto(
      `/sender?start=1${small}&via=whip&whip=${encodeURIComponent(server.whipUrl)}&token=t0ken`,
    );
    expect(await untilFailed(sender)).toMatch(words);
    await server.stop();
  }
});
