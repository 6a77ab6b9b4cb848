import type { IncomingMessage, ServerResponse } from "node:http";

import { reason, type Failure } from "../../core/failure.ts";
import { runsPath } from "../../core/wire/runs.ts";
import type { ServerClock } from "../clock.ts";
import { refusal, refuse } from "../hls-origin/answer.ts";
import { addressKey, isSameOrigin } from "../hosts.ts";
import { createLimiter, type Limiter } from "../limits.ts";
import type { Log } from "../see-through.ts";
import { createNewComplaints } from "../store/complaints.ts";
import type { RunStore } from "../store/store.ts";
import { hasToken, isLocal, tokenFileName } from "./access.ts";
import type { ServerCounts } from "./metrics.ts";
import { answerMetrics, routeOf } from "./routes.ts";
import { createTelling } from "./telling.ts";

/** What the service of runs is made of. */
export type RunsOptions = {
  readonly store: RunStore;
  /** What requests from other machines have to carry. */
  readonly token: string;
};

/** Runs over HTTP: everything under `/api/runs`, and `/metrics`. */
export type RunsService = {
  /** False, and nothing touched, for any other path. Resolves when all is answered, and rejects with what broke. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
  /** Ends taking up journals; the store's owner closes that. */
  readonly close: () => void;
};

/** How often journals are taken up, ms: with their own second on the way to disk, results are stored within two. */
const takeUpEveryMs = 1000;
/** A connection on which nothing moves is ended after this long, ms. */
const idleMs = 120_000;
/** Wrong tokens that one address may send. */
const wrongTokens = { burst: 10, perS: 0.2 };

/** Starts the service. Whoever makes it closes it. */
export function createRunsService(
  { store, token }: RunsOptions,
  { clock, log }: { readonly clock: ServerClock; readonly log: Log },
  about: { readonly version: string; readonly counts: () => ServerCounts },
): RunsService {
  const limiter = createLimiter(wrongTokens, clock.nowMs);
  const tell = createTelling(log, createNewComplaints(store.journalDirectory));
  const stop = clock.every(takeUpEveryMs, () => {
    limiter.sweep();
    store.keeper.takeUp().then(tell, (error: unknown) => log(`Storing runs failed: ${reason(error)}`));
  });
  return {
    close: stop,
    handle: (request, response) => {
      const [path = "/"] = (request.url ?? "/").split("?", 1);
      const isMetrics = path === "/metrics";
      if (!isMetrics && path !== runsPath && !path.startsWith(`${runsPath}/`)) return false;
      response.setTimeout(idleMs, () => response.socket?.destroy());
      const barred = barOf(request, token, limiter);
      const route = isMetrics
        ? answerMetrics(about)
        : routeOf(request.method ?? "GET", path.slice(runsPath.length));
      if (barred !== null) refuse(request, response, barred);
      else if (typeof route === "function")
        return route({ store, request, response, nowUs: clock.epochUs }).then(() => true);
      else {
        if (route.status === 405) response.setHeader("Allow", "GET, HEAD, POST, PATCH, DELETE");
        refuse(request, response, route);
      }
      return true;
    },
  };
}

function failure(what: string, next: string): Failure {
  return { kind: "denied", what, where: runsPath, next };
}

/** Why a request is turned away before it is looked at; null when it is let in. */
function barOf(request: IncomingMessage, token: string, limiter: Limiter): ReturnType<typeof refusal> | null {
  if (!isSameOrigin(request))
    return refusal(
      403,
      failure("Giving runs to a page of another site", "Open the Runs tab of this server."),
    );
  if (isLocal(request)) return null;
  const key = addressKey(request.socket.remoteAddress);
  if (!limiter.has(key))
    return refusal(429, failure("Trying tokens so fast", "Wait a minute, then send the right one."));
  if (hasToken(request, token)) return null;
  limiter.take(key);
  const next = `Send "Authorization: Bearer TOKEN". The token is in the file "${tokenFileName}" of the server's data directory, or in its STREAMGAUGE_TOKEN.`;
  return refusal(401, failure("Reading runs from another device without the token", next));
}
