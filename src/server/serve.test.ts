import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { request as httpsRequest } from "node:https";
import { createServer as createSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";

import { serveBuiltPage } from "./built-page.ts";
import { keepCertificate } from "./certificate.ts";
import { serve, type Serving } from "./serve.ts";
import { createStreamgaugeServer } from "./server.ts";

type Answer = { status: number | undefined; headers: IncomingMessage["headers"]; body: string };

let directory: string;
let serving: Serving;
const logged: string[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "streamgauge-"));
  await writeFile(join(directory, "index.html"), "<title>the page</title>");
  const certificate = await keepCertificate(directory, {
    names: ["localhost", "127.0.0.1"],
    nowMs: Date.now(),
  });
  const server = createStreamgaugeServer({
    page: serveBuiltPage(directory),
    pageMode: "built",
    version: "1.2.3",
    names: ["gauge.test"],
    iceServers: [{ urls: ["stun:a.test"] }, { urls: ["turn:a.test"] }],
    turnSecret: "hush",
    log: (line) => void logged.push(line),
  });
  if (!certificate.ok) throw new Error(certificate.failure.next);
  const served = await serve(server, { port: 0, host: "127.0.0.1", certificate: certificate.value });
  if (!served.ok) throw new Error(served.failure.next);
  serving = served.value;
});
afterAll(async () => {
  await serving.close();
  await rm(directory, { recursive: true });
});

function ask(
  scheme: "http" | "https",
  path: string,
  host = "localhost",
  method = "GET",
  accept = "",
): Promise<Answer> {
  const send = scheme === "http" ? httpRequest : httpsRequest;
  const options = { port: serving.port, host: "127.0.0.1", path, method, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    const request = send({ ...options, headers: { host: `${host}:${serving.port}`, accept } }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => (body += text));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    request.on("error", reject);
    request.end();
  });
}

/** Asks by HTTP/2, all on one connection. Whoever opened it closes it. */
function openHttp2() {
  const session = connectHttp2(`https://localhost:${serving.port}`, { rejectUnauthorized: false });
  const send = (method: string, path: string, body = "", headers = {}) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const stream = session.request(
        { ":method": method, ":path": path, ...headers },
        { endStream: body === "" },
      );
      let text = "";
      let status = 0;
      stream.setEncoding("utf8");
      stream.on("response", (answered) => (status = answered[":status"] ?? 0));
      stream.on("data", (piece: string) => (text += piece));
      stream.on("end", () => resolve({ status, body: text }));
      stream.on("error", reject);
      if (body !== "") stream.end(body);
    });
  return { send, close: () => session.close() };
}

describe("one port", () => {
  it.each(["http", "https"] as const)("serves this machine over %s", async (scheme) => {
    expect(await ask(scheme, "/receiver?join=X")).toMatchObject({
      status: 200,
      body: "<title>the page</title>",
    });
  });

  it("sends plain http under any other name on to https", async () => {
    const answer = await ask("http", "/sender?a=1", "192.0.2.7");
    expect(answer.status).toBe(307);
    expect(answer.headers.location).toBe(`https://192.0.2.7:${serving.port}/sender?a=1`);
  });

  it("serves page, refusals and streams by HTTP/2, where one connection holds any number of requests", async () => {
    const { send, close } = openHttp2();
    expect(await send("GET", "/sender")).toEqual({ status: 200, body: "<title>the page</title>" });
    expect((await send("GET", "/", "", { ":authority": "rebound.test" })).status).toBe(421);
    const made = await send("POST", "/api/hls");
    const { putToken, putPath } = JSON.parse(made.body) as { putToken: string; putPath: string };
    const path = `${putPath}index.m3u8`;
    const playlist = (count: number): string =>
      `#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:1\n#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES\n${"#EXTINF:1,\ns.m4s\n".repeat(count)}`;
    const put = (count: number, token = putToken) =>
      send("PUT", path, playlist(count), { authorization: `Bearer ${token}` });
    expect((await put(1, "wrong")).status).toBeGreaterThanOrEqual(401);
    expect((await put(1)).status).toBeLessThan(300);
    const held = Array.from({ length: 12 }, () => send("GET", `${path}?_HLS_msn=1`));
    expect((await put(2)).status).toBeLessThan(300);
    for (const { status, body } of await Promise.all(held))
      expect([status, body]).toEqual([200, playlist(2)]);
    close();
  });

  it("takes a WebSocket over https beside it", async () => {
    const socket = new WebSocket(`wss://127.0.0.1:${serving.port}/ws/signal`, { rejectUnauthorized: false });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    expect(socket.readyState).toBe(socket.OPEN);
    socket.terminate();
  });

  it("cannot be taken twice", async () => {
    const { port } = serving;
    const second = await serve(
      { handle: () => undefined, upgrade: () => undefined, close: () => undefined },
      { port, host: "127.0.0.1", certificate: null },
    );
    expect(second).toMatchObject({ ok: false, failure: { kind: "refused-input" } });
    expect(JSON.stringify(second)).toContain("--port");
  });
});

describe("the server", () => {
  it("isolates the page and allows no foreign scripts", async () => {
    const { headers } = await ask("https", "/");
    expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
    expect(headers["cross-origin-embedder-policy"]).toBe("credentialless");
    expect(headers["content-security-policy"]).not.toMatch(/unsafe-inline|unsafe-eval'? /);
    expect(headers["cache-control"]).toBe("no-cache");
  });

  it.each([
    ["a path that is not there", "/nothing", "localhost", "GET", 404],
    ["a way out of the directory", "/../key.pem", "localhost", "GET", 404],
    ["a foreign name", "/", "rebound.test", "GET", 421],
    ["its own name", "/", "gauge.test", "GET", 200],
    ["a method it does not know", "/", "localhost", "POST", 405],
  ])("answers %s", async (_name, path, host, method, status) => {
    expect((await ask("https", path, host, method)).status).toBe(status);
  });

  it("gives who opens a path that is no page the page, which says so", async () => {
    const { status, body } = await ask("https", "/nothing", "localhost", "GET", "text/html,*/*");
    expect({ status, body }).toEqual({ status: 404, body: "<title>the page</title>" });
  });

  it("tells its health", async () => {
    const { body } = await ask("http", "/healthz");
    expect(JSON.parse(body)).toMatchObject({ status: "ok", version: "1.2.3", rooms: 0, connections: 0 });
  });

  it("lends TURN credentials that end, and keeps the secret", async () => {
    const { body, headers } = await ask("http", "/api/config");
    const { iceServers } = JSON.parse(body) as { iceServers: { username?: string }[] };
    expect(iceServers[0]).toEqual({ urls: ["stun:a.test"] });
    const expiryS = Number(iceServers[1]?.username?.split(":", 1)[0]);
    expect(expiryS * 1000).toBeGreaterThan(Date.now());
    expect(body).not.toContain("hush");
    expect(headers["cache-control"]).toBe("no-store");
  });
});

describe("a page that is built anew under a running server", () => {
  it("is served as it is now", async () => {
    await writeFile(join(directory, "old.js"), "old");
    expect(await ask("http", "/old.js")).toMatchObject({ status: 200, body: "old" });
    await rm(join(directory, "old.js"));
    await writeFile(join(directory, "new.js"), "new");
    await writeFile(join(directory, "index.html"), "<title>the page, longer than it was</title>");
    expect((await ask("http", "/old.js")).status).toBe(404);
    expect((await ask("http", "/new.js")).body).toBe("new");
    expect((await ask("http", "/")).body).toBe("<title>the page, longer than it was</title>");
    await writeFile(join(directory, "index.html"), "<title>the page</title>");
  });

  it("costs one answer, not the server, where a file is there but cannot be opened any more", async () => {
    // Stands for one that goes away between the two: it can be looked at, and not be read.
    const socket = createSocket();
    await new Promise<void>((resolve) => {
      socket.listen(join(directory, "gone.js"), resolve);
    });
    await expect(ask("http", "/gone.js")).rejects.toThrow(/socket hang up|ECONNRESET/);
    await new Promise((resolve) => void socket.close(resolve));
    expect((await ask("http", "/")).status).toBe(200);
    expect(logged.join("")).toContain("/gone.js");
  });
});

describe("the certificate", () => {
  const keep = (names: readonly string[], nowMs: number) => keepCertificate(directory, { names, nowMs });

  it("is kept while it fits, and renewed for a new address or when it ends", async () => {
    const nowMs = Date.now();
    const first = await keep(["localhost"], nowMs);
    expect(first).toMatchObject({ ok: true, value: { made: false } });
    const moved = await keep(["localhost", "192.0.2.9"], nowMs);
    expect(moved).toMatchObject({ ok: true, value: { made: true } });
    expect(await keep(["127.0.0.1", "192.0.2.9"], nowMs)).toMatchObject({ value: { made: false } });
    expect(await keep(["localhost"], nowMs + 390 * 86_400_000)).toMatchObject({ value: { made: true } });
  });

  it("has a key that only this user can read", async () => {
    // oxlint-disable-next-line no-bitwise -- the permission bits of a mode
    expect((await stat(join(directory, "key.pem"))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(directory, "key.pem"), "utf8")).toContain("PRIVATE KEY");
  });

  it("is made anew when what is kept cannot be read", async () => {
    await writeFile(join(directory, "certificate.pem"), "garbage");
    expect(await keep(["localhost"], Date.now())).toMatchObject({ ok: true, value: { made: true } });
  });
});
