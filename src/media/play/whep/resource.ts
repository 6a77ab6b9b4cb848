import { fail, reason, succeed, type Failure, type FailureKind, type Result } from "../../../core/failure.ts";
import { showSource } from "../../../core/wire/source.ts";

/** One playing session at a WHEP endpoint (draft-ietf-wish-whep). Whoever opened it closes it. */
export type WhepResource = {
  /** The server's SDP answer. */
  readonly answer: string;
  /**
   * Restarts ICE (section 4.3.3): sends the new offer's ICE part, and answers with the server's, or null where the server does not
   * do it and a new session must be opened.
   */
  readonly restartIce: (fragment: string) => Promise<string | null>;
  /** DELETE of the session; a server that is gone needs none. Never rejects. */
  readonly close: () => Promise<void>;
};

/** What requests are made with. */
export type WhepAdapters = {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
};

const requestMs = 10_000;
/** SDP of one video and one audio stays far under it. */
const maxAnswerLength = 256 * 1024;

/** Opens a session by POST of an offer. Abort rejects with `signal.reason`. */
export async function openWhep(
  { fetch }: WhepAdapters,
  url: URL,
  token: string,
  offer: string,
  signal: AbortSignal,
): Promise<Result<WhepResource>> {
  const authorization: Record<string, string> = token === "" ? {} : { Authorization: `Bearer ${token}` };
  let response: Response;
  try {
    response = await fetch(url.href, {
      method: "POST",
      body: offer,
      headers: { "Content-Type": "application/sdp", ...authorization },
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestMs)]),
    });
  } catch (error) {
    signal.throwIfAborted();
    return fail(
      whepFailure(
        url,
        "unreachable",
        "The server cannot be reached, or does not allow this page to (CORS).",
        reason(error),
      ),
    );
  }
  const answer = await response.text();
  if (response.status !== 201) return fail(refusal(url, response.status, answer));
  if (!answer.startsWith("v=0") || answer.length > maxAnswerLength)
    return fail(
      whepFailure(url, "refused-input", "What answers there is no WHEP endpoint.", "its answer is no SDP"),
    );
  const location = response.headers.get("location");
  const resource = location === null ? null : new URL(location, response.url === "" ? url : response.url);
  return succeed({
    answer,
    restartIce: (fragment) => restart(fetch, resource, authorization, response.headers.get("etag"), fragment),
    close: async () => {
      if (resource === null) return;
      try {
        await fetch(resource.href, { method: "DELETE", headers: authorization, keepalive: true });
      } catch {
        // The server forgets sessions without ICE consent by itself (RFC 7675).
      }
    },
  });
}

async function restart(
  fetch: WhepAdapters["fetch"],
  resource: URL | null,
  authorization: Record<string, string>,
  entityTag: string | null,
  fragment: string,
): Promise<string | null> {
  if (resource === null) return null;
  try {
    const response = await fetch(resource.href, {
      method: "PATCH",
      body: fragment,
      headers: {
        "Content-Type": "application/trickle-ice-sdpfrag",
        ...(entityTag === null ? {} : { "If-Match": entityTag }),
        ...authorization,
      },
      signal: AbortSignal.timeout(requestMs),
    });
    const text = await response.text();
    return response.status === 200 && text.includes("a=ice-ufrag") ? text : null;
  } catch {
    // A server that is gone is met anew by opening another session.
    return null;
  }
}

function refusal(url: URL, status: number, body: string): Failure {
  const [kind, next] = refusals[status] ?? [
    "unreachable" as const,
    "Check the address: a WHEP endpoint answers a POST of an offer with 201.",
  ];
  return whepFailure(
    url,
    kind,
    next,
    `the server answered ${status}${body === "" ? "" : `: ${body.slice(0, 200)}`}`,
  );
}

const refusals: Readonly<Record<number, readonly [FailureKind, string]>> = {
  400: ["unsupported", "The server refuses this browser's offer: its codecs may not fit."],
  401: ["denied", "The endpoint wants a bearer token: give it as token."],
  403: ["denied", "The token is not good for this stream."],
  404: ["unreachable", "Nothing is published there (yet): start its publisher."],
  405: ["refused-input", "The address takes no POST: it is no WHEP endpoint."],
  406: ["unsupported", "The server wants to make the offer itself, which is not done here."],
  409: ["unreachable", "The stream is not being published now: start its publisher."],
};

function whepFailure(url: URL, kind: FailureKind, next: string, cause: string): Failure {
  return { kind, what: "playing by WHEP", where: showSource(url.href), next, cause };
}
