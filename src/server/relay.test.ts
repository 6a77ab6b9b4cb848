import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { freePort, listenWithFfprobe, makeStream, startTestRelay } from "./relay/serve.fake.ts";

const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
const directory = mkdtempSync(join(tmpdir(), "relay-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Waits for a condition of the world outside that tells nothing when it comes true. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => void setTimeout(resolve, 20));
}

/** An RTMP listener of ffmpeg takes connections only some time after it was started; trying is the only way to know. */
async function openWhenListening(
  server: Awaited<ReturnType<typeof startTestRelay>>,
  target: string,
  bytes: Buffer,
) {
  for (;;) {
    const client = await server.client();
    client.open(target);
    const sent = client.stream(bytes);
    const isLive = await client.live.then(
      () => true,
      () => false,
    );
    if (isLive) return { client, sent };
    const failure = await client.ended;
    if (failure === null || failure === "cut" || failure.kind !== "unreachable")
      throw new Error(JSON.stringify(failure));
  }
}

describe.skipIf(!hasFfmpeg)("the relay", { timeout: 60_000 }, () => {
  let stream: Buffer = Buffer.alloc(0);
  beforeAll(async () => {
    stream = await makeStream(2);
  });

  it.each([
    ["RTMP", "flv", "rtmp", "/live/key", 50],
    // SRT's live mode lets go of what its buffer (120 ms) holds when a side closes.
    ["SRT", "mpegts", "srt", "", 40],
  ])("sends every picture on at its own time over %s", async (_name, format, scheme, path, leastCount) => {
    const port = await freePort();
    const url = `${scheme}://127.0.0.1:${port}${path}`;
    const listener = listenWithFfprobe(format === "flv" ? url : `${url}?mode=listener`, format);
    const server = await startTestRelay({ targets: [`${scheme}://127.0.0.1:${port}/`] });
    const { client, sent } = await openWhenListening(server, url, stream);
    await sent;
    client.finish();
    expect(await client.ended).toBeNull();
    const times = await listener.times;
    expect(times.length).toBeGreaterThanOrEqual(leastCount);
    const gapsMs = times.slice(1).map((timeS, index) => Math.round((timeS - (times[index] ?? 0)) * 1000));
    expect([...new Set(gapsMs)]).toEqual([40]);
    expect(client.progress()?.sentFrameCount).toBe(50);
    await server.close();
  });

  it("says in words when nothing listens, and never the stream key", async () => {
    const port = await freePort();
    const server = await startTestRelay({ targets: [`rtmp://127.0.0.1:${port}/`] });
    const client = await server.client();
    client.open(`rtmp://127.0.0.1:${port}/live/hush_hush`);
    client.send(stream);
    const failure = await client.ended;
    expect(failure).toMatchObject({ kind: "unreachable", what: "Nothing listens at the target" });
    expect(JSON.stringify(failure)).not.toContain("hush");
    await server.close();
  });

  it("says so when the target goes away", async () => {
    const port = await freePort();
    const url = `rtmp://127.0.0.1:${port}/live/key`;
    const listener = listenWithFfprobe(url, "flv");
    const server = await startTestRelay({ targets: [`rtmp://127.0.0.1:${port}/`] });
    const { client } = await openWhenListening(server, url, await makeStream(8, 2000));
    listener.child.kill("SIGKILL");
    expect(await client.ended).toMatchObject({ kind: "ended-early" });
    await server.close();
  });

  it("takes ffmpeg along when the page goes", async () => {
    const pidFile = join(directory, "pid");
    const program = join(directory, "ffmpeg.sh");
    writeFileSync(program, `#!/bin/sh\necho $$ > ${pidFile}\nexec ffmpeg "$@"\n`);
    chmodSync(program, 0o755);
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => void silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const server = await startTestRelay({ targets: [`rtmp://127.0.0.1:${port}/`], ffmpeg: program });
    const client = await server.client();
    client.open(`rtmp://127.0.0.1:${port}/live/key`);
    client.send(stream);
    await until(() => existsSync(pidFile) && readFileSync(pidFile, "utf8").trim() !== "");
    const pid = Number(readFileSync(pidFile, "utf8"));
    client.cut();
    await until(() => !isRunning(pid));
    expect(server.relay.count()).toBe(0);
    silent.close();
    await server.close();
  });

  it("holds little and stops when the target takes nothing", async () => {
    const taken: Socket[] = [];
    const deaf = createServer((socket) => {
      taken.push(socket.pause());
    });
    await new Promise<void>((resolve) => void deaf.listen(0, "127.0.0.1", resolve));
    const { port } = deaf.address() as AddressInfo;
    const server = await startTestRelay({
      targets: [`rtmp://127.0.0.1:${port}/`],
      limits: { stallMs: 1500 },
    });
    const client = await server.client();
    client.open(`rtmp://127.0.0.1:${port}/live/key`);
    client.send(stream);
    for (let sent = 0; sent < 40; sent += 1) client.send(Buffer.alloc(1_000_000));
    expect(await client.ended).toMatchObject({ kind: "timed-out" });
    expect(client.waitingBytes()).toBeGreaterThan(10_000_000);
    for (const socket of taken) socket.destroy();
    deaf.close();
    await server.close();
  });
});

describe("the relay without ffmpeg", () => {
  it("says that it is missing", async () => {
    const server = await startTestRelay({ targets: ["rtmp://127.0.0.1:9/"], ffmpeg: "/nonexistent/ffmpeg" });
    const client = await server.client();
    client.open("rtmp://127.0.0.1:9/live/key");
    expect(await client.ended).toMatchObject({
      kind: "unsupported",
      what: "The server has no ffmpeg to relay with",
    });
    await server.close();
  });

  it.each([
    ["a target that is not allowed", (client: Client) => client.open("rtmp://127.0.0.2/live/key"), "denied"],
    ["bytes before a target", (client: Client) => client.send(Buffer.alloc(1)), "refused-input"],
    ["an end before a target", (client: Client) => client.finish(), "refused-input"],
  ])("refuses %s", async (_name, act, kind) => {
    const server = await startTestRelay({ targets: ["rtmp://127.0.0.1/live/"] });
    const client = await server.client();
    act(client);
    expect(await client.ended).toMatchObject({ kind });
    await server.close();
  });

  it("is bounded in number, and gives up pages that send nothing", async () => {
    const server = await startTestRelay({ targets: [], limits: { maxRelays: 1, idleMs: 500 } });
    const first = await server.client();
    const second = await server.client();
    expect(await second.ended).toMatchObject({ kind: "denied" });
    expect(await first.ended).toMatchObject({ kind: "timed-out" });
    await server.close();
  });
});

type Client = Awaited<ReturnType<Awaited<ReturnType<typeof startTestRelay>>["client"]>>;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
