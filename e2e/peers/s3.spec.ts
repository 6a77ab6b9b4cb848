import { expect } from "@playwright/test";

import { untilFailed } from "../conditions.ts";
import { untilPlayable } from "../hls-conditions.ts";
import { test } from "../server.ts";
import { measurePeer } from "./measure.ts";
import { startS3 } from "./s3.ts";

test("a bucket is put to with signatures made in the tab, played from, and a store that refuses is told in words", async ({
  openDevice,
}) => {
  const s3 = await startS3();
  const senderUrl = (bucket: "open" | "closed", keyId: string): string =>
    `/sender?start=1&size=640x360&kbps=800&via=hls&segment=1&part=200` +
    `&put=${encodeURIComponent(s3.putUrlOf(bucket))}&s3id=${keyId}&s3secret=${s3.keyId}&s3region=eu-central-1`;
  try {
    const sender = await (await openDevice()).newPage();
    await sender.goto(senderUrl("open", "OTHER"));
    const said = await untilFailed(sender);
    expect(said).toMatch(/does not know this access key id/);
    expect(said).not.toMatch(/OTHER|S3RVER/);
    expect(sender.url()).not.toMatch(/OTHER|S3RVER|start/);
    await sender.goto(senderUrl("closed", s3.keyId));
    expect(await untilFailed(sender)).toMatch(/CORS rules have to allow PUT/);

    await sender.goto(senderUrl("open", s3.keyId));
    const { link, playUrl } = await untilPlayable(sender);
    expect(link).not.toContain(s3.keyId);
    const receiver = await (await openDevice()).newPage();
    await receiver.goto(link);
    await measurePeer(receiver, "s3rver 3.7.1", "HLS of 1 s and 200 ms parts, PUT signed in the tab");

    await sender.getByRole("button", { name: "Stop" }).click();
    await expect.poll(async () => (await fetch(playUrl)).text()).toContain("#EXT-X-ENDLIST");
  } finally {
    await s3.stop();
  }
});
