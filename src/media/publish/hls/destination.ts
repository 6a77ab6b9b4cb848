import * as v from "valibot";

import { fail, reason, succeed, type Failure, type Result } from "../../../core/failure.ts";
import { topPlaylistName } from "../../../core/hls/names.ts";
import type { HlsSetup } from "../../../core/wire/hls-setup.ts";
import { hlsCreatedSchema, hlsCreatePath, type HlsCreated } from "../../../core/wire/upload.ts";
import { refusalOf } from "./refusal.ts";
import type { StreamToken } from "./stream-token.ts";

/** Where and how one file is put; may hold secrets. */
export type Target = { readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** Where the files of a stream are put. Whoever opened it closes it. */
export type Destination = {
  /** What viewers play. */
  readonly playUrl: string;
  /** Files of an earlier page may stand there. */
  readonly mayHaveFiles: boolean;
  /** This project's own origin: it holds reloads until there is news and makes delta updates. */
  readonly isOwn: boolean;
  /** How a file is put; a promise where that has to be signed first. */
  readonly target: (name: string) => Target | Promise<Target>;
  /** How a playlist is put by a page that cannot wait, as it is being closed; null where it cannot be. */
  readonly lastTarget: (name: string) => Target | null;
  /** What the server has to allow pages of other origins, for messages; absent: nothing beside PUT. */
  readonly corsNeeds?: string;
  /** Where a file is read, and what stands in messages for it: no secrets. */
  readonly readUrl: (name: string) => string;
  /** Makes the stream again where the server has lost it. */
  readonly renew: (signal: AbortSignal) => Promise<Result<null>>;
  /** Takes a stream that has ended off the server, as far as the server lets go of it. Never rejects. */
  readonly clear: (names: readonly string[]) => Promise<void>;
  readonly close: () => void;
};

/** One request to be signed. */
export type S3Request = {
  readonly method: "PUT" | "DELETE";
  readonly url: string;
  /** Sent beside the signature's own; those that begin with `x-amz-` are signed. */
  readonly headers: Readonly<Record<string, string>>;
};

/** The headers of a request with those that sign it. The request must be sent within 15 minutes. */
export type SignS3 = (request: S3Request) => Promise<Readonly<Record<string, string>>>;

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
  const target = (name: string): Target => ({ url: `${putPath}${name}`, headers });
  return succeed({
    playUrl: new URL(playPath, here).href,
    mayHaveFiles: earlier !== null,
    isOwn: true,
    target,
    lastTarget: target,
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

/** Any server that takes PUT, by the template of its addresses; each request is signed where there is something to sign with. */
export function openTemplate(setup: HlsSetup, fetch: Fetch, sign: SignS3 | null = null): Destination {
  const { putUrl, putHeaders, playUrl } = setup;
  const [plainUrl = ""] = putUrl.split("?", 1);
  const play = playUrl === "" ? fill(plainUrl, topPlaylistName) : playUrl;
  const plain = (name: string): Target => ({
    url: fill(putUrl, name),
    headers: Object.fromEntries(putHeaders.map((line) => toHeader(fill(line, name)))),
  });
  const targets = sign === null ? asTheyAre(plain) : signed(plain, sign);
  let canRemove = true;
  return {
    ...targets,
    playUrl: play,
    mayHaveFiles: true,
    isOwn: false,
    readUrl: (name) => (playUrl === "" ? fill(plainUrl, name) : new URL(name, play).href),
    renew: async () => succeed(null),
    clear: async (names) => {
      for (const name of names) {
        // A server that does not let go of one file does not of the others.
        if (!canRemove) return;
        const { url, headers } = await targets.removal(name);
        canRemove = await removeFile(fetch, url, headers);
      }
    },
    close: () => undefined,
  };
}

type Targets = Pick<Destination, "target" | "lastTarget" | "corsNeeds"> & {
  readonly removal: Destination["target"];
};

function asTheyAre(plain: (name: string) => Target): Targets {
  return { target: plain, lastTarget: plain, removal: plain };
}

/** What a bucket's CORS rules must allow this page, in words. */
const s3CorsNeeds =
  "the bucket's CORS rules have to allow PUT, GET and DELETE from this page's origin, with the headers authorization, content-type and x-amz-*";

function signed(plain: (name: string) => Target, sign: SignS3): Targets {
  // A playlist is put again and again: its last signature is seconds old, and good for its next content as well.
  const lastOfPlaylists = new Map<string, Target>();
  const signFor = async (name: string, method: "PUT" | "DELETE"): Promise<Target> => {
    const { url, headers } = plain(name);
    return { url, headers: await sign({ method, url, headers }) };
  };
  return {
    target: async (name) => {
      const target = await signFor(name, "PUT");
      if (name.endsWith(".m3u8")) lastOfPlaylists.set(name, target);
      return target;
    },
    lastTarget: (name) => lastOfPlaylists.get(name) ?? null,
    removal: (name) => signFor(name, "DELETE"),
    corsNeeds: s3CorsNeeds,
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
