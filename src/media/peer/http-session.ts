import { fail, reason, succeed, type Failure, type FailureKind, type Result } from "../../core/failure.ts";
import type { IceServer } from "../../core/wire/config.ts";
import { readIceLinks } from "./ice-links.ts";

/** What WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep) do not share: their words. */
export type HttpProtocol = {
  readonly name: "WHIP" | "WHEP";
  /** What is being attempted, in the user's words. */
  readonly what: string;
  /** What a status means here and what to do about it; the rest is worded alike for both. */
  readonly refusals: Readonly<Record<number, readonly [kind: FailureKind, next: string]>>;
  /** Whether a server may make an offer of its own instead of answering ours (draft-ietf-wish-whep-02 section 4.2: status 406). */
  readonly takesCounterOffers?: true;
};

/** An endpoint and how it is signed in to. */
export type HttpEndpoint = {
  readonly protocol: HttpProtocol;
  readonly url: URL;
  /** The endpoint without what may be secret in it, for messages. */
  readonly shown: string;
  /** Bearer token; empty for none. */
  readonly token: string;
};

/** One session at an endpoint. Whoever opened it closes it. */
export type HttpSession = {
  /** The server's SDP answer, or an offer of its own, which is then to be answered by `sendAnswer`. */
  readonly description: { readonly type: "answer" | "offer"; readonly sdp: string };
  /** ICE servers that the endpoint names, for the next time that paths are looked for. */
  readonly iceServers: readonly IceServer[];
  /** Answers a server's offer; null when it is taken. Never rejects. */
  readonly sendAnswer: (sdp: string) => Promise<Failure | null>;
  /** Sends candidates that were found after the offer; false where the server does not take them so. Never rejects. */
  readonly trickle: (fragment: string) => Promise<boolean>;
  /**
   * Restarts ICE (RFC 9725 section 4.3.3): sends the new offer's ICE part, and answers with the server's, or null where the server
   * does not do it and a new session must be opened. Never rejects.
   */
  readonly restartIce: (fragment: string) => Promise<string | null>;
  /** DELETE of the session; a server that is gone needs none. Never rejects. */
  readonly close: () => Promise<void>;
};

/** `fetch`, as far as it is used. */
export type FetchText = (url: string, init: RequestInit) => Promise<Response>;

const requestMs = 10_000;
/** ICE candidates and credentials (RFC 8840 section 9). */
const sdpFragment = "application/trickle-ice-sdpfrag";
/** SDP of one video and one audio stays far under it, characters. */
const maxAnswerLength = 256 * 1024;

/** Opens a session by POST of an offer. Abort rejects with `signal.reason`. */
export async function openHttpSession(
  fetch: FetchText,
  endpoint: HttpEndpoint,
  offer: string,
  signal: AbortSignal,
): Promise<Result<HttpSession>> {
  const { url } = endpoint;
  let response: Response;
  let answer: string;
  try {
    response = await fetch(url.href, {
      method: "POST",
      body: offer,
      headers: { "Content-Type": "application/sdp", ...authorizationOf(endpoint) },
      credentials: "omit",
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestMs)]),
    });
    answer = await response.text();
  } catch (error) {
    signal.throwIfAborted();
    return fail(unanswered(endpoint, error));
  }
  const isCounterOffer =
    response.status === 406 && endpoint.protocol.takesCounterOffers === true && answer.startsWith("v=0");
  if (response.status !== 201 && !isCounterOffer) return fail(refusalOf(endpoint, response, answer));
  if (!answer.startsWith("v=0") || answer.length > maxAnswerLength) {
    const next = `What answers there is no ${endpoint.protocol.name} endpoint: check the address.`;
    return fail(failureOf(endpoint, "refused-input", next, "its answer is no SDP"));
  }
  const type = isCounterOffer ? "offer" : "answer";
  return succeed(sessionOf(fetch, endpoint, response, { type, sdp: answer }));
}

function sessionOf(
  fetch: FetchText,
  endpoint: HttpEndpoint,
  response: Response,
  description: HttpSession["description"],
): HttpSession {
  const resource = resourceOf(endpoint, response);
  let entityTag = response.headers.get("etag");
  const patch = async (
    body: string,
    ifMatch: string | null,
    type = sdpFragment,
  ): Promise<Response | null> => {
    if (resource === null) return null;
    try {
      return await fetch(resource, {
        method: "PATCH",
        body,
        headers: {
          "Content-Type": type,
          ...(ifMatch === null ? {} : { "If-Match": ifMatch }),
          ...authorizationOf(endpoint),
        },
        credentials: "omit",
        signal: AbortSignal.timeout(requestMs),
      });
    } catch {
      // A server that is gone is met anew by opening another session.
      return null;
    }
  };
  return {
    description,
    sendAnswer: async (sdp) => {
      const taken = await patch(sdp, null, "application/sdp");
      if (taken?.ok === true) return null;
      if (taken !== null) return refusalOf(endpoint, taken, await taken.text());
      const next =
        "The server makes the offer itself and takes no answer to it: check that pages of this origin may PATCH there and read Location (CORS).";
      return failureOf(endpoint, "unreachable", next, "the server's offer could not be answered");
    },
    iceServers: readIceLinks(response.headers.get("link")),
    trickle: async (fragment) => (await patch(fragment, entityTag))?.status === 204,
    restartIce: async (fragment) => {
      const restarted = await patch(fragment, "*");
      if (restarted?.status !== 200) return null;
      entityTag = restarted.headers.get("etag");
      const text = await restarted.text();
      return text.includes("a=ice-ufrag:") ? text : null;
    },
    close: async () => {
      if (resource === null) return;
      try {
        const headers = authorizationOf(endpoint);
        await fetch(resource, { method: "DELETE", headers, credentials: "omit", keepalive: true });
      } catch {
        // The server forgets sessions without ICE consent by itself (RFC 7675).
      }
    },
  };
}

/** The session's own address; null where the server tells none. */
function resourceOf({ url }: HttpEndpoint, response: Response): string | null {
  const location = response.headers.get("location");
  const base = response.url === "" ? url.href : response.url;
  return location !== null && URL.canParse(location, base) ? new URL(location, base).href : null;
}

function authorizationOf({ token }: HttpEndpoint): Record<string, string> {
  return token === "" ? {} : { Authorization: `Bearer ${token}` };
}

/** What statuses mean at both kinds of endpoint. */
const refusals: HttpProtocol["refusals"] = {
  400: [
    "unsupported",
    "The server refuses this browser's offer: its codecs may not fit. Choose another codec.",
  ],
  401: ["denied", "The endpoint wants a bearer token, or another one than was given."],
  403: ["denied", "The token is not good for this stream: check both."],
  405: ["refused-input", "The address takes no POST: check that it is the endpoint's own."],
  406: ["unsupported", "The server cannot answer this browser's offer: choose another codec."],
  409: ["denied", "Another session holds this stream: end it, or choose another stream."],
  415: ["unsupported", "The server takes no offer in SDP: check that the address is the endpoint's own."],
  422: ["unsupported", "The server cannot use this browser's offer: choose another codec."],
  429: ["denied", "The server is asked too often: wait a minute, then start again."],
  503: ["unreachable", "The server has no room now: start again later."],
};

function refusalOf(endpoint: HttpEndpoint, response: Response, body: string): Failure {
  const { protocol, token, url } = endpoint;
  const { status, redirected } = response;
  const said = body.trim().replaceAll(/\s+/g, " ").slice(0, 200);
  const cause = `the server answered ${status}${said === "" ? "" : `: ${hide(said, [token, url.href])}`}`;
  if (status === 401 && redirected && token !== "") {
    const next = `The endpoint sends on to ${new URL(response.url).host}, and browsers take no token along: give that server's address.`;
    return failureOf(endpoint, "denied", next, cause);
  }
  const [kind, next] = protocol.refusals[status] ??
    refusals[status] ?? [
      "unreachable",
      `Check the address: a ${protocol.name} endpoint answers a POST of an offer with 201.`,
    ];
  return failureOf(endpoint, kind, next, cause);
}

function unanswered(endpoint: HttpEndpoint, error: unknown): Failure {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    const next = `The server did not answer within ${requestMs / 1000} s: check that it runs, then start again.`;
    return failureOf(endpoint, "timed-out", next, reason(error));
  }
  // Fetch does not tell pages which of the two it was.
  const next =
    "Either nothing answers there, or the server does not allow pages of this origin (CORS: Access-Control-Allow-Origin, and Authorization and Content-Type among Access-Control-Allow-Headers). Check the address first.";
  return failureOf(endpoint, "unreachable", next, reason(error));
}

function hide(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== "")
    .reduce((words, secret) => words.replaceAll(secret, "..."), text);
}

function failureOf(
  { protocol, shown }: HttpEndpoint,
  kind: FailureKind,
  next: string,
  cause: string,
): Failure {
  return { kind, what: protocol.what, where: shown, next, cause };
}
