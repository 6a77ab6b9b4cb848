import { expect } from "@playwright/test";

import { untilFailed } from "../conditions.ts";
import { test } from "../server.ts";
import { measurePeer } from "./measure.ts";
import { startMeetecho } from "./meetecho.ts";

test("a stream goes out by WHIP and comes in by WHEP through servers of others, with a token, and both ends are let go of", async ({
  openDevice,
}) => {
  const servers = await startMeetecho("t0ken");
  const senderUrl = (token: string): string =>
    `/sender?start=1&size=640x360&kbps=800&via=whip&whip=${encodeURIComponent(servers.whipUrl)}` +
    `&token=${token}&play=${encodeURIComponent(servers.whepUrl)}`;
  try {
    const sender = await (await openDevice()).newPage();
    await sender.goto(senderUrl("wr0ng"));
    const said = await untilFailed(sender);
    expect(said).toMatch(/token is not good/);
    expect(said).not.toMatch(/wr0ng|endpoint\/gauge/);

    await sender.goto(senderUrl("t0ken"));
    await expect(sender.getByRole("banner").getByText("Sending")).toBeVisible();
    expect(await servers.isPublished()).toBe(true);
    const receiver = await (await openDevice()).newPage();
    const receiverUrl = `/receiver?kind=whep&url=${encodeURIComponent(servers.whepUrl)}&start=1`;
    await receiver.goto(`${receiverUrl}&token=wr0ng`);
    expect(await untilFailed(receiver)).toMatch(/token is not good/);
    await receiver.goto(`${receiverUrl}&token=t0ken`);
    const peer = "Janus 1.1.2, simple-whip-server 2023-02-01, janus-whep-server 1.1.0";
    await measurePeer(receiver, peer, "WHIP, WHEP");

    await receiver.getByRole("button", { name: "Leave" }).click();
    await expect.poll(servers.viewerCounts).toEqual({ came: 1, left: 1 });
    await sender.getByRole("button", { name: "Stop" }).click();
    await expect.poll(servers.isPublished).toBe(false);
  } finally {
    await servers.stop();
  }
});
