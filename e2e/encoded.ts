import { createHash } from "node:crypto";

import { expect, type Page } from "@playwright/test";
import { ALL_FORMATS, BufferSource, type EncodedPacket, EncodedPacketSink, Input } from "mediabunny";

/** A frame that a recording holds: what the sender's is known by, and whether it can be decoded alone. */
type RecordedFrame = { readonly hash: string; readonly isKey: boolean };

/** SHA-256 of bytes, in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Has a sender's page keep the hash of every frame that its encoder made; of H.264, of its slices alone, each after its length in four
 * bytes: browsers rewrite parameter sets on the way.
 */
export async function watchEncoder(sender: Page): Promise<void> {
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
export async function encodedHashes(sender: Page): Promise<readonly string[]> {
  return sender.evaluate(() => (globalThis as unknown as { encodedHashes: string[] }).encodedHashes);
}

/** The hash of an MP4's sample of H.264 as `watchEncoder` makes it. */
export function slicesSha256(sample: Uint8Array): string {
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

/** The bytes of each packet of a file. */
export async function packetsOf(file: Buffer): Promise<readonly Uint8Array[]> {
  return (await allPackets(file)).map(({ data }) => data);
}

/** A file's frames. */
export async function framesOf(
  file: Buffer,
  hashOf: (packet: Uint8Array) => string,
): Promise<readonly RecordedFrame[]> {
  return (await allPackets(file)).map(({ data, type }) => ({ hash: hashOf(data), isKey: type === "key" }));
}

/** When each packet of a file is shown, s. */
export async function instantsOf(file: Buffer): Promise<readonly number[]> {
  return (await allPackets(file)).map(({ timestamp }) => timestamp);
}

/**
 * How many frames a recording lacks between its first and its last: of those that the sender's encoder made, by their hashes. Where the
 * next one is a key frame, none: they were lost on the way, and the receiver sent for it. Fails where a recorded frame is not the
 * sender's, stands twice, or out of order.
 */
export function missingIn(recorded: readonly RecordedFrame[], sent: readonly string[]): number {
  let missing = 0;
  let last = sent.indexOf(recorded[0]?.hash ?? "");
  expect(last, "the first recorded frame was sent").toBeGreaterThanOrEqual(0);
  for (const [index, { hash, isKey }] of recorded.slice(1).entries()) {
    const at = sent.indexOf(hash, last + 1);
    expect(at, `frame ${index + 1} was sent, after the one before it`).toBeGreaterThan(last);
    if (!isKey) missing += at - last - 1;
    last = at;
  }
  return missing;
}
