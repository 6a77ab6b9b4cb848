import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, type Page } from "@playwright/test";

import { known, measuresOf, untilClockKnown, untilDisplayed, untilFailed } from "./conditions.ts";
import { freePort } from "./free-port.ts";
import { startMediaServer } from "./media-server.ts";
import { startServer, test, type InstrumentServer } from "./server.ts";

const small = "&size=320x180&fps=20&kbps=400";

/** ffmpeg as the provider: it takes one RTMP stream and cuts it to HLS in a directory. */
function takeRtmp(url: string, directory: string) {
  const input = ["-hide_banner", "-loglevel", "error", "-listen", "1", "-i", url, "-c", "copy"];
  const hls = ["-f", "hls", "-hls_time", "1", "-hls_list_size", "6", "-hls_segment_type", "fmp4"];
  return spawn("ffmpeg", [...input, ...hls, "live.m3u8"], { cwd: directory, stdio: "inherit" });
}

function senderUrl({ url }: InstrumentServer, target: string, rest = ""): string {
  return `${url}/sender?start=1${small}&via=relay&target=${encodeURIComponent(target)}${rest}`;
}

const untilSending = (sender: Page) =>
  expect(sender.getByRole("banner").getByText("Sending")).toBeVisible({ timeout: 30_000 });

test("a stream goes by RTMP to ffmpeg, which makes HLS of it that is measured, and ends there when stopped @beside", async ({
  openDevice,
}) => {
  const directory = await mkdtemp(join(tmpdir(), "streamgauge-relay-"));
  const target = `rtmp://127.0.0.1:${await freePort()}/live/s3cret`;
  const server = await startServer(["--relay-to", target.replace("s3cret", "")]);
  const provider = takeRtmp(target, directory);
  const ended = once(provider, "exit");
  const media = await startMediaServer(directory);
  try {
    const sender = await (await openDevice()).newPage();
    await sender.goto(senderUrl(server, target, `&play=${encodeURIComponent(`${media.url}/live.m3u8`)}`));
    await untilSending(sender);
    expect(sender.url() + (await sender.locator("body").innerText())).not.toContain("s3cret");
    await expect.poll(() => existsSync(join(directory, "live.m3u8")), { timeout: 20_000 }).toBe(true);

    const link = await sender.getByRole("link", { name: /receiver\?url=/ }).getAttribute("href");
    const receiver = await (await openDevice()).newPage();
    await receiver.goto(link ?? "");
    await untilDisplayed(receiver, 60);
    await untilClockKnown(receiver, 3);
    const measures = await measuresOf(receiver);
    // Browsers give no pixels of some frames at the start of a stream; what they gave could be read.
    const { absent, broken, foreign } = measures.reading.unreadCounts;
    expect({ absent, broken, foreign }).toEqual({ absent: 0, broken: 0, foreign: 0 });
    expect(known(measures.reading.readRatio, "read ratio")).toBeGreaterThan(0.5);
    expect(known(measures.latencyMs.p50, "p50")).toBeGreaterThan(1000);

    await sender.getByRole("button", { name: "Stop" }).click();
    expect((await ended)[0]).toBe(0);
  } finally {
    provider.kill("SIGKILL");
    await media.stop();
    await server.stop();
    await rm(directory, { recursive: true });
  }
});

test("what a relay cannot do is told in words, without the stream key @still", async ({
  openDevice,
  server,
}) => {
  const nobody = `rtmp://127.0.0.1:${await freePort()}/live/`;
  const relay = await startServer(["--relay-to", nobody]);
  const sender = await (await openDevice()).newPage();
  try {
    for (const [at, target, words] of [
      [server, `${nobody}s3cret`, /--relay-to/],
      [relay, "rtmp://127.0.0.9/live/s3cret", /relays to .* only/],
      [relay, `${nobody}s3cret`, /Nothing listens/],
    ] as const) {
      await sender.goto(senderUrl(at, target));
      const said = await untilFailed(sender);
      expect(said).toMatch(words);
      expect(said).not.toContain("s3cret");
    }
  } finally {
    await relay.stop();
  }
});
