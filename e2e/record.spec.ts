import { createHash } from "node:crypto";

import { expect, type Page } from "@playwright/test";
import { ALL_FORMATS, BufferSource, type EncodedPacket, EncodedPacketSink, Input } from "mediabunny";

import {
  measuresOf,
  observationsOf,
  openReceiver,
  openSender,
  untilJoinable,
  untilMeasuring,
  untilOtherRun,
} from "./conditions.ts";
import { decodedCount, downloadKept, record, untilMore } from "./recordings.ts";
import { test } from "./server.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/**
 * Has a sender's page keep the hash of every frame that its encoder made; of H.264, of its slices alone, each after its length in four
 * bytes: browsers rewrite parameter sets on the way.
 */
async function watchEncoder(sender: Page): Promise<void> {
  // Workers come from the page's own server alone.
  await sender.route("**/encoder-hashes.js", (route) =>
    route.fulfill({
      contentType: "text/javascript",
      headers: { "cross-origin-embedder-policy": "require-corp" },
      body: `function slicesOf(bytes) {
        const units = [];
        let from = -1;
        for (let at = 0; at <= bytes.length; at += 1) {
          const isStart = bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1;
          if (!isStart && at < bytes.length) continue;
          if (from >= 0) {
            let end = at;
            while (bytes[end - 1] === 0) end -= 1;
            const type = bytes[from] & 31;
            if (type >= 1 && type <= 5) units.push(bytes.subarray(from, end));
          }
          from = at + 3;
        }
        return units.flatMap((unit) => {
          const length = new Uint8Array(4);
          new DataView(length.buffer).setUint32(0, unit.length);
          return [length, unit];
        });
      }
      onrtctransform = async ({ transformer: { readable, writable } }) => {
        const to = writable.getWriter();
        const from = readable.getReader();
        for (;;) {
          const { value, done } = await from.read();
          if (done) return;
          const copy = new Uint8Array(value.data.slice(0));
          const { mimeType = "" } = value.getMetadata();
          await to.write(value);
          const parts = mimeType === "video/H264" ? slicesOf(copy) : [copy];
          const hash = await crypto.subtle.digest("SHA-256", await new Blob(parts).arrayBuffer());
          postMessage([...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
        }
      }`,
    }),
  );
  await sender.addInitScript(() => {
    const hashes: string[] = [];
    Object.assign(globalThis, { encodedHashes: hashes });
    const { prototype } = RTCPeerConnection;
    const add = Reflect.get(prototype, "addTransceiver") as (...given: unknown[]) => RTCRtpTransceiver;
    prototype.addTransceiver = function addWatched(...given) {
      const transceiver = add.apply(this, given);
      const worker = new Worker("/encoder-hashes.js");
      worker.addEventListener("message", ({ data }) => hashes.push(String(data)));
      transceiver.sender.transform = new RTCRtpScriptTransform(worker);
      return transceiver;
    };
  });
}

/** What `watchEncoder` has kept so far. */
async function encodedHashes(sender: Page): Promise<readonly string[]> {
  return sender.evaluate(() => (globalThis as unknown as { encodedHashes: string[] }).encodedHashes);
}

/** The hash of an MP4's sample of H.264 as `watchEncoder` makes it. */
function slicesSha256(sample: Uint8Array): string {
  const hash = createHash("sha256");
  const bytes = Buffer.from(sample);
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32BE(at)) {
    const type = (bytes[at + 4] ?? 0) & 31;
    if (type >= 1 && type <= 5) hash.update(bytes.subarray(at, at + 4 + bytes.readUInt32BE(at)));
  }
  return hash.digest("hex");
}

async function allPackets(file: Buffer): Promise<readonly EncodedPacket[]> {
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(file) });
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error("the file has no video");
  const packets: EncodedPacket[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet);
  return packets;
}

async function packetsOf(file: Buffer): Promise<readonly Uint8Array[]> {
  return (await allPackets(file)).map(({ data }) => data);
}

/** When each packet of a file is shown, s. */
async function instantsOf(file: Buffer): Promise<readonly number[]> {
  return (await allPackets(file)).map(({ timestamp }) => timestamp);
}

/** Has the browser play a file quickly to its end; resolves with where that is, s. */
async function playedUntilS(page: Page, file: Buffer): Promise<number> {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.codePointAt(0) ?? 0);
    const video = document.createElement("video");
    video.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
    video.muted = true;
    video.playbackRate = 8;
    const ended = new Promise<number>((resolve, reject) => {
      video.addEventListener("ended", () => resolve(video.currentTime));
      video.addEventListener("error", () => reject(new Error(video.error?.message)));
    });
    await video.play();
    return ended;
  }, file.toString("base64"));
}

function isRun(part: readonly string[], whole: readonly string[]): boolean {
  const at = whole.indexOf(part[0] ?? "");
  return at >= 0 && part.every((one, index) => whole[at + index] === one);
}

test("a recording of WebRTC holds the sender's encoded frames, every one, and outlives a reload @beside", async ({
  openDevice,
}) => {
  const context = await openDevice();
  const page = await context.newPage();
  await watchEncoder(page);
  await page.goto("/sender?start=1&codec=vp8&size=320x180&kbps=400");
  const join = await untilJoinable(page);
  const device = await openDevice({ acceptDownloads: true });
  const receiver = await openReceiver(device, join);
  await record(receiver, 90);
  const first = await downloadKept(receiver);
  const packets = await packetsOf(first.bytes);
  expect(packets.length).toBeGreaterThanOrEqual(60);
  const sent = await encodedHashes(page);
  expect(isRun(packets.map(sha256), sent)).toBe(true);
  expect(await decodedCount(first.path)).toBe(packets.length);

  await receiver.getByRole("button", { name: "Keep last 30 s" }).click();
  await expect(receiver.getByRole("button", { name: "Download" })).toHaveCount(2);
  await receiver.goto("/receiver");
  await expect(receiver.getByRole("button", { name: "Download" })).toHaveCount(2);
  const kept = await downloadKept(receiver);
  const all = [await packetsOf(kept.bytes), await packetsOf((await downloadKept(receiver)).bytes)];
  expect(all.every((each) => isRun(each.map(sha256), sent))).toBe(true);
  await receiver.getByRole("button", { name: "Delete" }).first().click();
  await receiver.getByRole("button", { name: "Delete" }).first().click();
  await expect(receiver.getByRole("button", { name: "Download" })).toHaveCount(0);
});

test("a recording of HLS is byte for byte what the origin served @beside", async ({ openDevice, server }) => {
  const sender = await (await openDevice()).newPage();
  await sender.goto("/sender?start=1&via=hls&size=320x180&kbps=400");
  const play = await sender.waitForFunction(() => {
    const doing = (
      globalThis as unknown as {
        streamgauge?: { snapshot: () => { phase: string; outlet?: { state: string; playUrl: string } } };
      }
    ).streamgauge?.snapshot();
    return doing?.phase === "sending" && doing.outlet?.state === "live" ? doing.outlet.playUrl : null;
  });
  const playUrl = new URL(String(await play.jsonValue()), server.url).href;
  const receiver = await (await openDevice({ acceptDownloads: true })).newPage();
  const served = new Map<string, Buffer>();
  await receiver.route(/\.(?:m4s|mp4|ts)(?:\?|$)/, async (route) => {
    const response = await route.fetch();
    served.set(new URL(route.request().url()).pathname, await response.body());
    await route.fulfill({ response });
  });
  await receiver.goto(`/receiver?url=${encodeURIComponent(playUrl)}&start=1`);
  await untilMeasuring(receiver);
  await record(receiver, 120);
  const { path, bytes } = await downloadKept(receiver);
  // In the order of their numbers: requests that are under way together are answered in any.
  const paths = [...served.keys()].toSorted((one, other) =>
    one.localeCompare(other, "en", { numeric: true }),
  );
  const bodies = paths.flatMap((each) => served.get(each) ?? []);
  const init = bodies.find((body) => body.subarray(4, 8).toString() === "ftyp");
  if (init === undefined) throw new Error("no init was served");
  expect(bytes.subarray(0, init.length).equals(init)).toBe(true);
  const media = bodies.filter((body) => body !== init);
  const starts = media.map((_, from) => Buffer.concat(media.slice(from)));
  const rest = bytes.subarray(init.length);
  expect(rest.length).toBeGreaterThan(100_000);
  expect(starts.some((from) => from.subarray(0, rest.length).equals(rest))).toBe(true);
  expect(await decodedCount(path)).toBeGreaterThanOrEqual(90);
  const indexed = await downloadKept(receiver, "MP4");
  const copied = (await packetsOf(indexed.bytes)).map(sha256);
  expect(copied).toEqual((await packetsOf(bytes)).map(sha256));
  expect(indexed.bytes.indexOf("moov")).toBeLessThan(indexed.bytes.indexOf("mdat"));
  await receiver.unrouteAll({ behavior: "ignoreErrors" });
});

test("a recording goes on over a reconnect, and a page that is closed while it records loses at most two seconds @beside", async ({
  openDevice,
}) => {
  const sender = await openSender(await openDevice(), "&codec=h264&size=320x180&kbps=400");
  const device = await openDevice({ acceptDownloads: true });
  const receiver = await openReceiver(device, sender.join);
  await receiver.getByRole("button", { name: "Record", exact: true }).click();
  await untilMore(receiver, 60);
  const { runNumber } = await measuresOf(receiver);
  await sender.page.reload();
  await untilOtherRun(receiver, runNumber);
  await untilMore(receiver, 90);
  const seen = (await observationsOf(receiver)).filter(({ reading }) => reading.read);
  await receiver.close();
  const later = await device.newPage();
  await later.goto("/receiver");
  await expect(later.getByText("its page was closed while recording")).toBeVisible();
  await expect(later.getByRole("button", { name: "Download" })).toHaveCount(1);
  const { path, bytes } = await downloadKept(later);
  // Recorded since the button: 150 frames displayed after it, of which those of two seconds may be missing.
  expect(seen.length).toBeGreaterThan(150);
  expect(await decodedCount(path)).toBeGreaterThanOrEqual(150 - 60);
  // The new connection's timestamps begin anywhere within 13 hours; the file's gap is the time that passed.
  const instantsS = await instantsOf(bytes);
  const lastS = instantsS.at(-1) ?? 0;
  const stepsS = instantsS.slice(1).map((instantS, index) => instantS - (instantsS[index] ?? 0));
  expect(Math.min(...stepsS)).toBeGreaterThan(0);
  expect(lastS).toBeLessThan(60);
  expect(Math.abs((await playedUntilS(later, bytes)) - lastS)).toBeLessThan(0.2);
});

test("a recording of H.264 holds the sender's frames, every one, and ends in clear words when there is no room @beside", async ({
  openDevice,
}) => {
  const sender = await (await openDevice()).newPage();
  await watchEncoder(sender);
  await sender.goto("/sender?start=1&codec=h264&size=640x360&kbps=4000");
  const receiver = await openReceiver(
    await openDevice({ acceptDownloads: true }),
    await untilJoinable(sender),
    "&keep=1&ring=0",
  );
  await receiver.getByRole("button", { name: "Record", exact: true }).click();
  await expect(receiver.getByText("ended: no room was left")).toBeVisible();
  const { path, bytes } = await downloadKept(receiver);
  // The room that was given, and what came between two looks at it.
  expect(bytes.length).toBeLessThan(2_000_000);
  const packets = await packetsOf(bytes);
  expect(packets.length).toBeGreaterThan(10);
  expect(isRun(packets.map(slicesSha256), await encodedHashes(sender))).toBe(true);
  expect(await decodedCount(path)).toBe(packets.length);
});
