import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import * as v from "valibot";

import type { Failure } from "../core/failure.ts";
import {
  factsKeyPattern,
  factsLifeMs,
  factsPathPrefix,
  maxFactsBytes,
  runNumberPattern,
} from "../core/wire/facts.ts";
import { streamFactsSchema, type StreamFacts } from "../core/wire/signalling.ts";
import type { ServerClock } from "./clock.ts";
import { answerEmpty, answerJson, refusal, refuse, type Refusal } from "./hls-origin/answer.ts";
import { addressKey, isSameOrigin } from "./hosts.ts";
import { createLimiter, type Allowance } from "./limits.ts";

/** Bounds of the facts service. */
export type FactsLimits = {
  readonly maxRunCount: number;
  /** PUTs of one address. */
  readonly puts: Allowance;
};

/** The bounds a server has unless told otherwise: a sender tells its facts every 5 s. */
export const defaultFactsLimits: FactsLimits = { maxRunCount: 2000, puts: { burst: 60, perS: 10 } };

/** Facts by run number, for viewers without a data channel to the sender; see core/wire/facts.ts. */
export type FactsService = {
  /** Takes everything under `/api/facts/`; false, and nothing touched, for any other path. Resolves when all is answered. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
  readonly close: () => void;
};

type Entry = { readonly keyHash: Buffer; readonly facts: StreamFacts; readonly putMs: number };

type Service = {
  readonly clock: ServerClock;
  readonly limits: FactsLimits;
  readonly runs: Map<number, Entry>;
  readonly limiter: ReturnType<typeof createLimiter>;
};

const sweepMs = 5000;

/** Starts the service. Whoever makes it closes it. */
export function createFactsService(
  clock: ServerClock,
  limits: FactsLimits = defaultFactsLimits,
): FactsService {
  const service: Service = {
    clock,
    limits,
    runs: new Map(),
    limiter: createLimiter(limits.puts, clock.nowMs),
  };
  const stop = clock.every(sweepMs, () => {
    service.limiter.sweep();
    for (const [run, entry] of service.runs) if (isOld(service, entry)) service.runs.delete(run);
  });
  return {
    close: stop,
    handle: (request, response) => {
      const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
      if (!path.startsWith(factsPathPrefix)) return false;
      const run = path.slice(factsPathPrefix.length);
      if (!runNumberPattern.test(run)) refuse(request, response, refusal(400, badRun));
      else if (request.method === "GET" || request.method === "HEAD") get(service, Number(run), response);
      else if (request.method === "PUT") return put(service, Number(run), request, response).then(() => true);
      else {
        response.setHeader("Allow", "GET, HEAD, PUT");
        refuse(
          request,
          response,
          refusal(405, failureOf("refused-input", "do this with facts", "Use GET or PUT.")),
        );
      }
      return true;
    },
  };
}

function isOld({ clock }: Service, entry: Entry): boolean {
  return clock.nowMs() - entry.putMs >= factsLifeMs;
}

function get(service: Service, run: number, response: ServerResponse): void {
  const entry = service.runs.get(run);
  if (entry === undefined || isOld(service, entry)) {
    const next = "Its sender has ended, or is open on another server.";
    answerJson(response, 404, failureOf("unreachable", "find the facts of this run", next));
  } else answerJson(response, 200, entry.facts);
}

async function put(
  service: Service,
  run: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const key = /^Bearer +(\S{1,128})$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const early = refuseEarly(service, key, request);
  if (early !== null) {
    refuse(request, response, early);
    return;
  }
  const text = await readText(request);
  const facts = text === null ? null : readFacts(text, run);
  const keyHash = createHash("sha256").update(key).digest();
  // Only now: another PUT may have come while this body was on its way.
  const refused = facts === null ? refusal(400, badFacts) : refuseHolder(service, run, keyHash);
  if (facts === null || refused !== null) refuse(request, response, refused ?? refusal(400, badFacts));
  else {
    service.runs.set(run, { keyHash, facts, putMs: service.clock.nowMs() });
    answerEmpty(response, 204);
  }
}

function refuseEarly(service: Service, key: string, request: IncomingMessage): Refusal | null {
  if (!isSameOrigin(request)) {
    const next = "Open the sender from this server.";
    return refusal(403, failureOf("denied", "take facts from a page of another site", next));
  }
  if (!service.limiter.take(addressKey(request.socket.remoteAddress))) {
    return refusal(429, failureOf("denied", "take facts so fast", "Tell them every few seconds."));
  }
  if (factsKeyPattern.test(key)) return null;
  const next =
    'Send "Authorization: Bearer <key>", a key of 22 to 64 letters, digits, - and _ of your choice.';
  return refusal(401, failureOf("denied", "take facts without a key", next));
}

function refuseHolder(service: Service, run: number, keyHash: Buffer): Refusal | null {
  const entry = service.runs.get(run);
  if (entry === undefined && service.runs.size >= service.limits.maxRunCount) {
    return refusal(
      503,
      failureOf("denied", "keep the facts of another run", "Wait until others have ended."),
    );
  }
  if (entry === undefined || isOld(service, entry) || timingSafeEqual(entry.keyHash, keyHash)) return null;
  const next = "Another sender uses this run number: start again, which takes a new one.";
  return refusal(409, failureOf("denied", "change the facts of another sender's run", next));
}

function readText(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      if (text.length <= maxFactsBytes) text += chunk;
      if (text.length > maxFactsBytes) resolve(null);
    });
    request.once("end", () => resolve(text));
    request.once("close", () => resolve(null));
    request.on("error", () => resolve(null));
  });
}

const textSchema = v.pipe(v.string(), v.parseJson(), streamFactsSchema);

function readFacts(text: string, run: number): StreamFacts | null {
  const read = v.safeParse(textSchema, text);
  return read.success && read.output.runNumber === run ? read.output : null;
}

function failureOf(kind: Failure["kind"], what: string, next: string): Failure {
  return { kind, what, where: factsPathPrefix, next };
}

const badRun: Failure = failureOf(
  "refused-input",
  "read the run number",
  "It is a whole number from 0 to 999999, in decimals without leading zeros.",
);

const badFacts: Failure = failureOf(
  "refused-input",
  "read the facts of the run",
  `Send a stream's facts in JSON, of the run that the path names, at most ${maxFactsBytes} characters.`,
);
