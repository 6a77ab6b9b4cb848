import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { serveBuiltPage } from "./built-page.ts";
import { keepCertificate } from "./certificate.ts";
import { serve, type Serving } from "./serve.ts";
import { createStreamgaugeServer } from "./server.ts";

type Answer = { status: number | undefined; headers: IncomingMessage["headers"]; body: string };

let directory: string;
let serving: Serving;

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
