import { expect } from "@playwright/test";

import { untilFailed } from "../conditions.ts";
import { startServer, test } from "../server.ts";
import { measurePeer } from "./measure.ts";
import { startRtmpServer } from "./nginx-rtmp.ts";

test("nginx takes the relay's RTMP and serves it as HLS; a wrong stream key is told in words", async ({
  openDevice,
}) => {
  const nginx = await startRtmpServer();
  const server = await startServer(["--relay-to", nginx.publishUrl.replace("right", "")]);
  const senderUrl = (target: string) =>
    `${server.url}/sender?start=1&size=640x360&kbps=800&via=relay&target=${encodeURIComponent(target)}` +
    `&play=${encodeURIComponent(nginx.playUrl)}`;
  try {
    const sender = await (await openDevice()).newPage();
    await sender.goto(senderUrl(nginx.publishUrl.replace("right", "s3cret")));
    const said = await untilFailed(sender);
    expect(said).toMatch(/stream key/);
    expect(said).not.toContain("s3cret");

    await sender.goto(senderUrl(nginx.publishUrl));
    await expect.poll(nginx.hasPlaylist, { timeout: 30_000 }).toBe(true);
    const receiver = await (await openDevice({ baseURL: server.url })).newPage();
    await receiver.goto(`/receiver?url=${encodeURIComponent(nginx.playUrl)}&start=1`);
    await measurePeer(receiver, "nginx 1.22, libnginx-mod-rtmp 1.2.2", "relay, RTMP, HLS of 2 s");
  } finally {
    await server.stop();
    await nginx.stop();
  }
});
