import { describe, expect, it } from "vitest";

import { openHttpSession, type FetchText, type HttpEndpoint } from "./http-session.ts";

const endpoint: HttpEndpoint = {
  protocol: {
    name: "WHIP",
    what: "Publishing by WHIP",
    refusals: { 404: ["unreachable", "There is no endpoint."] },
  },
  url: new URL("https://live.example/s3cret/whip?key=s3cret"),
  shown: "https://live.example/...",
  token: "t0ken",
};

const never = new AbortController().signal;
const sdp = "v=0\r\n";

type Asked = {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
};

/** A server that answers each request in turn and keeps what it was asked. */
function createServer(...answers: readonly (() => Response)[]): { fetch: FetchText; asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    fetch: async (url, init) => {
      const answer = answers[asked.length];
      asked.push({ method: init.method ?? "GET", url, headers: new Headers(init.headers), body: init.body });
      if (answer === undefined) throw new TypeError("Failed to fetch");
      return answer();
    },
  };
}

const created =
  (headers: Record<string, string> = {}) =>
  () =>
    new Response(sdp, { status: 201, headers: { Location: "/sessions/1", ETag: '"a"', ...headers } });

async function openAt(server: { fetch: FetchText }) {
  const opened = await openHttpSession(server.fetch, endpoint, "v=0 offer", never);
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
  return opened.value;
}

describe("a session at a WHIP endpoint", () => {
  it("is opened by an offer with the token, and ended by DELETE of its own address", async () => {
    const server = createServer(created(), () => new Response());
    const session = await openAt(server);
    expect(session.answer).toBe(sdp);
    await session.close();
    expect(server.asked.map(({ method, url }) => [method, url])).toEqual([
      ["POST", endpoint.url.href],
      ["DELETE", "https://live.example/sessions/1"],
    ]);
    expect(server.asked.map(({ headers }) => headers.get("authorization"))).toEqual(
      Array.from({ length: 2 }, () => "Bearer t0ken"),
    );
    expect(server.asked[0]?.headers.get("content-type")).toBe("application/sdp");
  });

  it("takes ICE servers from Link headers", async () => {
    const link = '<stun:stun.example>; rel="ice-server"';
    expect((await openAt(createServer(created({ Link: link })))).iceServers).toEqual([
      { urls: ["stun:stun.example"] },
    ]);
  });

  it("restarts ICE whatever its entity tag, and trickles under the newest one", async () => {
    const restarted = () => new Response("a=ice-ufrag:x\r\n", { headers: { ETag: '"b"' } });
    const server = createServer(created(), restarted, () => new Response(null, { status: 204 }));
    const session = await openAt(server);
    expect(await session.restartIce("fragment")).toContain("a=ice-ufrag:x");
    expect(await session.trickle("fragment")).toBe(true);
    expect(server.asked.slice(1).map(({ headers }) => headers.get("if-match"))).toEqual(["*", '"b"']);
  });

  it.each([204, 405, 501])("is opened anew where the server answers a restart with %d", async (status) => {
    const session = await openAt(createServer(created(), () => new Response(null, { status })));
    expect(await session.restartIce("fragment")).toBeNull();
  });

  it("closes in silence where the server is gone or named no address for it", async () => {
    await expect((await openAt(createServer(created()))).close()).resolves.toBeUndefined();
    const nameless = await openAt(createServer(() => new Response(sdp, { status: 201 })));
    await expect(nameless.close()).resolves.toBeUndefined();
  });
});

describe("an endpoint that does not open a session", () => {
  it.each([
    [401, "denied", /token/],
    [403, "denied", /token/],
    [404, "unreachable", /no endpoint/],
    [405, "refused-input", /no POST/],
    [406, "unsupported", /codec/],
    [409, "denied", /Another session/],
    [500, "unreachable", /201/],
    [200, "unreachable", /201/],
  ])("answers %d and is told as %s", async (status, kind, next) => {
    const server = createServer(() => new Response("no for t0ken", { status }));
    const opened = await openHttpSession(server.fetch, endpoint, "v=0 offer", never);
    expect(opened).toMatchObject({ ok: false, failure: { kind, where: endpoint.shown } });
    expect(opened.ok ? "" : opened.failure.next).toMatch(next);
    expect(JSON.stringify(opened)).not.toMatch(/s3cret|t0ken/);
  });

  it("is told apart from a page that may not ask it as far as browsers let a page know", async () => {
    const opened = await openHttpSession(createServer().fetch, endpoint, "v=0 offer", never);
    expect(opened.ok ? "" : opened.failure.next).toMatch(/CORS/);
  });

  it("says so when its answer is a web page", async () => {
    const server = createServer(() => new Response("<html>", { status: 201 }));
    const opened = await openHttpSession(server.fetch, endpoint, "v=0 offer", never);
    expect(opened.ok ? "" : opened.failure.kind).toBe("refused-input");
  });

  it("names the server that it sends the page on to, where the token does not go along", async () => {
    const server = createServer(() =>
      Object.defineProperties(new Response("", { status: 401 }), {
        redirected: { value: true },
        url: { value: "https://edge7.live.example/whip" },
      }),
    );
    const opened = await openHttpSession(server.fetch, endpoint, "v=0 offer", never);
    expect(opened.ok ? "" : opened.failure.next).toContain("edge7.live.example");
  });
});
