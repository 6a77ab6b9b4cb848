import { fork, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { reduceLive, startLive, toMediaPlaylist, type LivePlaylist } from "../src/core/hls/live.ts";
import { writeMediaPlaylist } from "../src/core/hls/write.ts";
import { quantileOf, sorted } from "../src/core/statistics/quantile.ts";
import type { HlsCreated } from "../src/core/wire/upload.ts";
import type { Bench, BenchOptions } from "./bench-type.ts";
import { createHttpClient, type HttpClient } from "./parts/http-client.ts";
import { startNginx } from "./parts/nginx.ts";
import type { OriginUse } from "./parts/origin-child.ts";
import { measurePublishingTab } from "./parts/publishing-tab.ts";

const partsPerSegment = 5;
/** 2.5 Mbit/s in parts of 200 ms. */
const partBytes = 62_500;
const part = randomBytes(partBytes);
const segment = randomBytes(partBytes * partsPerSegment);

type Origin = { readonly port: number; readonly use: () => Promise<OriginUse>; readonly stop: () => void };

async function startOrigin(): Promise<Origin> {
  const execArgv = ["--import", "tsx", "--expose-gc"];
  const child: ChildProcess = fork(fileURLToPath(new URL("./parts/origin-child.ts", import.meta.url)), {
    execArgv,
  });
  const [{ port }] = (await once(child, "message")) as [OriginUse];
  const use = async (): Promise<OriginUse> => {
    child.send("use");
    const [told] = (await once(child, "message")) as [OriginUse];
    return told;
  };
  return { port, use, stop: () => child.disconnect() };
}

/** A publisher of one low-latency stream over one kept connection. */
type Publisher = {
  readonly putPath: string;
  readonly put: (name: string, body: Uint8Array) => Promise<void>;
  /** Puts the next part, its segment when it is the last one, and the playlist. */
  readonly putPart: () => Promise<void>;
  readonly next: () => { readonly msn: number; readonly part: number; readonly uri: string };
  readonly close: () => void;
};

async function createPublisher(origin: Origin): Promise<Publisher> {
  const response = await fetch(`http://127.0.0.1:${origin.port}/api/hls`, { method: "POST" });
  const { putPath, putToken } = (await response.json()) as HlsCreated;
  const client = await createHttpClient(origin.port);
  const options = {
    targetDurationS: 1,
    partTargetS: 0.2,
    windowSegmentCount: 6,
    canBlockReload: true,
    canSkip: true,
  };
  let live = startLive(options, { uri: "init.mp4", byteRange: null });
  const put = async (name: string, body: Uint8Array): Promise<void> => {
    const head = `PUT ${putPath}${name} HTTP/1.1\r\nAuthorization: Bearer ${putToken}`;
    const { status } = await client.ask(head, body);
    if (status >= 300) throw new Error(`PUT ${name}: ${status}`);
  };
  const next = () => nextPart(live);
  const putPart = async (): Promise<void> => {
    const { msn, part: index, uri } = next();
    const isLast = index === partsPerSegment - 1;
    const hintUri = isLast ? `${msn + 1}.0.m4s` : `${msn}.${index + 1}.m4s`;
    await put(uri, part);
    live = reduceLive(live, { kind: "part", uri, durationS: 0.2, isIndependent: index === 0, hintUri });
    if (isLast) {
      await put(`${msn}.m4s`, segment);
      live = reduceLive(live, { kind: "segment", uri: `${msn}.m4s`, durationS: 1, hintUri });
    }
    await put("live.m3u8", Buffer.from(writeMediaPlaylist(toMediaPlaylist(live))));
  };
  await put("init.mp4", part.subarray(0, 800));
  for (let made = 0; made < 6 * partsPerSegment; made += 1) await putPart();
  return { putPath, put, putPart, next, close: client.close };
}

function nextPart(live: LivePlaylist): { readonly msn: number; readonly part: number; readonly uri: string } {
  const msn = live.mediaSequence + live.segments.length;
  const index = live.open.parts.length;
  return { msn, part: index, uri: `${msn}.${index}.m4s` };
}

async function connectMany(port: number, count: number): Promise<readonly HttpClient[]> {
  const clients: HttpClient[] = [];
  for (let made = 0; made < count; made += 1) clients.push(await createHttpClient(port));
  return clients;
}

/** From the first byte of a PUT sent to the last byte of the answer that waited for it. */
async function timePutToAvailable(
  origin: Origin,
  roundCount: number,
): Promise<Readonly<Record<string, number>>> {
  const publisher = await createPublisher(origin);
  const [player, reloader] = [await createHttpClient(origin.port), await createHttpClient(origin.port)];
  const partMs: number[] = [];
  const playlistMs: number[] = [];
  for (let round = 0; round < roundCount; round += 1) {
    const { msn, part: index, uri } = publisher.next();
    let partAtMs = 0;
    let playlistAtMs = 0;
    const gotPart = player
      .ask(`GET ${publisher.putPath}${uri} HTTP/1.1`)
      .then(() => (partAtMs = performance.now()));
    const query = `live.m3u8?_HLS_msn=${msn}&_HLS_part=${index}`;
    const reload = `GET ${publisher.putPath}${query} HTTP/1.1`;
    const gotPlaylist = reloader.ask(reload).then(() => (playlistAtMs = performance.now()));
    await pause(5);
    const putAtMs = performance.now();
    await publisher.putPart();
    await Promise.all([gotPart, gotPlaylist]);
    partMs.push(partAtMs - putAtMs);
    playlistMs.push(playlistAtMs - putAtMs);
  }
  for (const client of [publisher, player, reloader]) client.close();
  return {
    partPutToAvailableP50Ms: quantileOf(sorted(partMs), 0.5),
    partPutToAvailableP95Ms: quantileOf(sorted(partMs), 0.95),
    partAndPlaylistPutToReloadP50Ms: quantileOf(sorted(playlistMs), 0.5),
    partAndPlaylistPutToReloadP95Ms: quantileOf(sorted(playlistMs), 0.95),
  };
}

/** Players that wait for the next playlist, round after round. */
async function timeHeld(
  origin: Origin,
  playerCount: number,
  roundCount: number,
): Promise<Readonly<Record<string, number>>> {
  const publisher = await createPublisher(origin);
  const players = await connectMany(origin.port, playerCount);
  const takenMs: number[] = [];
  const before = await origin.use();
  for (let round = 0; round < roundCount; round += 1) {
    const { msn, part: index } = publisher.next();
    const reload = `GET ${publisher.putPath}live.m3u8?_HLS_msn=${msn}&_HLS_part=${index} HTTP/1.1`;
    const answers = players.map((player) => player.ask(reload));
    await pause(100);
    const startMs = performance.now();
    await publisher.putPart();
    for (const { status } of await Promise.all(answers))
      if (status !== 200) throw new Error(`a reload got ${status}`);
    takenMs.push(performance.now() - startMs);
  }
  const after = await origin.use();
  for (const client of [publisher, ...players]) client.close();
  const p50Ms = quantileOf(sorted(takenMs), 0.5);
  return {
    playerCount,
    putToLastPlayerP50Ms: p50Ms,
    putToLastPlayerP95Ms: quantileOf(sorted(takenMs), 0.95),
    heldGetsPerS: Math.round((playerCount / p50Ms) * 1000),
    originCpuUsPerGet: ((after.cpuMs - before.cpuMs) * 1000) / (playerCount * roundCount),
  };
}

/** Plain GETs as fast as they come, every connection asking again at once. */
async function countGets(port: number, path: string, clientCount: number, seconds: number): Promise<number> {
  const clients = await connectMany(port, clientCount);
  const endMs = performance.now() + seconds * 1000;
  let count = 0;
  const startMs = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() < endMs) {
        const { status } = await client.ask(`GET ${path} HTTP/1.1`);
        if (status !== 200) throw new Error(`GET ${path}: ${status}`);
        count += 1;
      }
    }),
  );
  const takenS = (performance.now() - startMs) / 1000;
  for (const client of clients) client.close();
  return Math.round(count / takenS);
}

async function compareWithNginx(
  origin: Origin,
  seconds: number,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const publisher = await createPublisher(origin);
  const playlistUrl = `http://127.0.0.1:${origin.port}${publisher.putPath}live.m3u8`;
  const playlist = Buffer.from(await (await fetch(playlistUrl)).arrayBuffer());
  await publisher.put("static.m4s", part);
  const nginx = await startNginx({ "live.m3u8": playlist, "static.m4s": part });
  const rows: Readonly<Record<string, unknown>>[] = [];
  for (const [name, bytes] of [
    ["live.m3u8", playlist.length],
    ["static.m4s", partBytes],
  ] as const) {
    for (const clientCount of [100, 1000]) {
      const originGetsPerS = await countGets(
        origin.port,
        `${publisher.putPath}${name}`,
        clientCount,
        seconds,
      );
      const nginxGetsPerS =
        nginx === null ? null : await countGets(nginx.port, `/${name}`, clientCount, seconds);
      const ratio = nginxGetsPerS === null ? "nginx is not installed" : originGetsPerS / nginxGetsPerS;
      rows.push({ bytes, clientCount, originGetsPerS, nginxGetsPerS, originToNginxRatio: ratio });
    }
  }
  publisher.close();
  await nginx?.stop();
  return rows;
}

/** Streams published at the pace of life. */
async function measureStreams(
  origin: Origin,
  streamCount: number,
  seconds: number,
): Promise<Readonly<Record<string, number>>> {
  const before = await origin.use();
  const publishers = await Promise.all(Array.from({ length: streamCount }, () => createPublisher(origin)));
  const startMs = performance.now();
  const published = await origin.use();
  for (let tick = 1; tick <= seconds * partsPerSegment; tick += 1) {
    await Promise.all(publishers.map((publisher) => publisher.putPart()));
    await pause(Math.max(0, startMs + tick * 200 - performance.now()));
  }
  const after = await origin.use();
  for (const publisher of publishers) publisher.close();
  const mebi = 1024 * 1024;
  return {
    streamCount,
    heldMiBPerStream: (after.heldBytes - before.heldBytes) / mebi / streamCount,
    residentMiBPerStream: (after.residentBytes - before.residentBytes) / mebi / streamCount,
    cpuPctPerStream: (100 * (after.cpuMs - published.cpuMs)) / (seconds * 1000) / streamCount,
  };
}

async function run({ quick, progress }: BenchOptions): Promise<Readonly<Record<string, unknown>>> {
  const origin = await startOrigin();
  try {
    progress("streams at the pace of life");
    const streams = await measureStreams(origin, 4, quick ? 6 : 20);
    progress("PUT to available");
    const putToAvailable = await timePutToAvailable(origin, quick ? 50 : 300);
    progress("held players");
    const held = [await timeHeld(origin, 100, quick ? 10 : 50), await timeHeld(origin, 1000, quick ? 5 : 20)];
    progress("plain GETs, beside nginx where it is installed");
    const plain = await compareWithNginx(origin, quick ? 1 : 3);
    progress("a tab that publishes");
    const tab = await measurePublishingTab(quick ? 5 : 15);
    return { ...putToAvailable, held, plain, ...streams, ...tab };
  } finally {
    origin.stop();
  }
}

/** The origin in a process of its own; players and publishers share the other core. */
export const bench: Bench = {
  name: "origin",
  about: "HLS origin over loopback: 2.5 Mbit/s low-latency streams, 1 s segments of 200 ms parts",
  run,
};
