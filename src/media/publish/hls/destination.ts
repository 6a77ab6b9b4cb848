import * as v from "valibot";

import { fail, reason, succeed, type Failure, type Result } from "../../../core/failure.ts";
import { topPlaylistName } from "../../../core/hls/names.ts";
import type { HlsSetup } from "../../../core/wire/hls-setup.ts";
import {
  hlsCreatedSchema,
  hlsCreatePath,
  refusalSchema,
  type HlsCreated,
} from "../../../core/wire/upload.ts";
import type { StreamToken } from "./stream-token.ts";

/** Where the files of a stream are put. Whoever opened it closes it. */
export type Destination = {
  /** What viewers play. */
  readonly playUrl: string;
  /** Files of an earlier page may stand there. */
  readonly mayHaveFiles: boolean;
  /** This project's own origin: it holds reloads until there is news and makes delta updates. */
  readonly isOwn: boolean;
  /** How a file is put; may hold secrets. */
  readonly target: (name: string) => {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
  };
  /** Where a file is read, and what stands in messages for it: no secrets. */
  readonly readUrl: (name: string) => string;
  /** Makes the stream again where the server has lost it. */
  readonly renew: (signal: AbortSignal) => Promise<Result<null>>;
  /** Takes a stream that has ended off the server, as far as the server lets go of it. Never rejects. */
  readonly clear: (names: readonly string[]) => Promise<void>;
  readonly close: () => void;
};

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const createTimeoutMs = 5000;
const removeTimeoutMs = 5000;

/** Asks the page's own server for a stream, for the one that the token stands for if there is one. */
export async function openOwnOrigin(
  token: StreamToken,
  fetch: Fetch,
  here: string,
  signal: AbortSignal,
): Promise<Result<Destination>> {
  const earlier = token.read();
  const created = await create(fetch, earlier, signal);
  if (!created.ok) return created;
  const { putToken, putPath, playPath } = created.value;
  token.write(putToken);
  const headers = { Authorization: `Bearer ${putToken}` };
  return succeed({
    playUrl: new URL(playPath, here).href,
    mayHaveFiles: earlier !== null,
    isOwn: true,
    target: (name) => ({ url: `${putPath}${name}`, headers }),
    readUrl: (name) => `${putPath}${name}`,
    renew: async (renewSignal) => {
      const renewed = await create(fetch, putToken, renewSignal);
      return renewed.ok ? succeed(null) : renewed;
    },
    clear: async () => {
      await removeFile(fetch, putPath, headers);
    },
    close: token.release,
  });
}

async function create(
  fetch: Fetch,
  putToken: string | null,
  signal: AbortSignal,
): Promise<Result<HlsCreated>> {
  try {
    const answer = await fetch(hlsCreatePath, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(putToken === null ? {} : { putToken }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(createTimeoutMs)]),
    });
    if (!answer.ok) return fail(await refusalOf(answer, hlsCreatePath));
    const read = v.safeParse(hlsCreatedSchema, await answer.json());
    return read.success ? succeed(read.output) : fail(noOrigin(read.issues[0].message));
  } catch (error) {
    signal.throwIfAborted();
    return fail(noOrigin(reason(error)));
  }
}

/** The words of a server that refuses, or what its status says where it has none. */
export async function refusalOf(answer: Response, where: string): Promise<Failure> {
  try {
    const read = v.safeParse(refusalSchema, await answer.json());
    if (read.success) return read.output;
  } catch {
    // Other servers refuse in HTML: their status is all there is to tell.
  }
  const isDenied = answer.status === 401 || answer.status === 403;
  return {
    kind: isDenied ? "denied" : "refused-input",
    what: `The server refused a file (HTTP ${answer.status})`,
    where,
    next: isDenied
      ? "Check the headers and the signature: they have to allow PUT for every file of the stream."
      : "Check the address, and that the server takes PUT and makes folders that are missing.",
  };
}

/** Any server that takes PUT, by the template of its addresses. */
export function openTemplate({ putUrl, putHeaders, playUrl }: HlsSetup, fetch: Fetch): Destination {
  const [plainUrl = ""] = putUrl.split("?", 1);
  const play = playUrl === "" ? fill(plainUrl, topPlaylistName) : playUrl;
  const target: Destination["target"] = (name) => ({
    url: fill(putUrl, name),
    headers: Object.fromEntries(putHeaders.map((line) => toHeader(fill(line, name)))),
  });
  let canRemove = true;
  return {
    playUrl: play,
    mayHaveFiles: true,
    isOwn: false,
    target,
    readUrl: (name) => (playUrl === "" ? fill(plainUrl, name) : new URL(name, play).href),
    renew: async () => succeed(null),
    clear: async (names) => {
      for (const name of names) {
        const { url, headers } = target(name);
        // A server that does not let go of one file does not of the others.
        if (!canRemove) return;
        canRemove = await removeFile(fetch, url, headers);
      }
    },
    close: () => undefined,
  };
}

function fill(template: string, name: string): string {
  return template.replaceAll("{name}", name);
}

/** Whether the server let go of it; not tried again. */
async function removeFile(
  fetch: Fetch,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<boolean> {
  try {
    const answer = await fetch(url, {
      method: "DELETE",
      headers,
      credentials: "omit",
      signal: AbortSignal.timeout(removeTimeoutMs),
    });
    return answer.ok || answer.status === 404;
  } catch {
    return false;
  }
}

function toHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

function noOrigin(cause: string): Failure {
  return {
    kind: "unreachable",
    what: "The server of this page gave no stream to publish into",
    where: hlsCreatePath,
    next: "Check that the server runs, then start again.",
    cause,
  };
}
