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
    expect(session.description).toEqual({ type: "answer", sdp });
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

describe("a server that makes the offer itself", () => {
  const counter = (): Response => new Response(sdp, { status: 406, headers: { Location: "/sessions/1" } });
  const whep: HttpEndpoint = {
    ...endpoint,
    protocol: { ...endpoint.protocol, name: "WHEP", takesCounterOffers: true },
  };

  it("is answered at the session's address, with the token", async () => {
    const server = createServer(counter, () => new Response(null, { status: 204 }));
    const opened = await openHttpSession(server.fetch, whep, "v=0 offer", never);
    if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
    expect(opened.value.description).toEqual({ type: "offer", sdp });
    expect(await opened.value.sendAnswer("v=0 answer")).toBeNull();
    const [, answered] = server.asked;
    expect(answered).toMatchObject({
      method: "PATCH",
      url: "https://live.example/sessions/1",
      body: "v=0 answer",
    });
    expect(answered?.headers.get("content-type")).toBe("application/sdp");
    expect(answered?.headers.get("authorization")).toBe("Bearer t0ken");
  });

  it.each([
    ["refuses the answer", [() => new Response("no", { status: 422 })], /codec/],
    ["is not there for it", [], /CORS/],
  ] as const)("and %s is told of", async (_how, answers, next) => {
    const server = createServer(counter, ...answers);
    const opened = await openHttpSession(server.fetch, whep, "v=0 offer", never);
    const failure = opened.ok ? await opened.value.sendAnswer("v=0 answer") : null;
    expect(failure?.next).toMatch(next);
  });

  it("is refused where the protocol has no such offers", async () => {
    const opened = await openHttpSession(createServer(counter).fetch, endpoint, "v=0 offer", never);
    expect(opened).toMatchObject({ ok: false, failure: { kind: "unsupported" } });
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
