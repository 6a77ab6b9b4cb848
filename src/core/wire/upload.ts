import * as v from "valibot";

import type { Failure } from "../failure.ts";

/** Where a publisher asks for a stream to publish HLS into: POST, JSON of `HlsCreate`, answered with `HlsCreated`. */
export const hlsCreatePath = "/api/hls";
/** Under which streams are published and played: `/hls/<stream>/<file>` or `/hls/<stream>/<rendition>/<file>`. */
export const hlsPathPrefix = "/hls/";

/** A stream's id: 22 characters made from its token by a one-way hash. Who knows the id can play. */
export const hlsStreamIdPattern: RegExp = /^[A-Za-z0-9_-]{22}$/;
/** A rendition's folder. */
export const hlsRenditionPattern: RegExp = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;
/** A file's name: no separators, no leading or double dots, one of the kinds that are served. */
export const hlsFilePattern: RegExp =
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}(?:\.[A-Za-z0-9_-]{1,32}){0,2}\.(?:m3u8|mp4|m4s|ts)$/;

/** What a publisher asks for. */
export type HlsCreate = {
  /** A token from an earlier answer takes that stream back, after a restart of the server too. */
  readonly putToken?: string;
};

/** Checks a request for a stream at the door. */
export const hlsCreateSchema: v.GenericSchema<unknown, HlsCreate> = v.strictObject({
  putToken: v.exactOptional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/))),
});

/** A stream to publish into. */
export type HlsCreated = {
  readonly streamId: string;
  /** Secret: sent with every PUT and DELETE as `Authorization: Bearer <token>`; who knows it can publish. */
  readonly putToken: string;
  /** Path that file names are appended to for PUT, ending in a slash. */
  readonly putPath: string;
  /** Path of the playlist that players are given; the publisher PUTs it under this name. */
  readonly playPath: string;
  /** What this server takes; a PUT beyond it is refused. */
  readonly limits: {
    readonly maxFileBytes: number;
    readonly maxPlaylistBytes: number;
    readonly maxStreamBytes: number;
    /** Segments that one playlist may list. */
    readonly maxSegmentCount: number;
    /** A stream without a PUT for this long is dropped. */
    readonly idleMs: number;
  };
};

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** Checks the server's answer to `HlsCreate`. */
export const hlsCreatedSchema: v.GenericSchema<unknown, HlsCreated> = v.object({
  streamId: v.pipe(v.string(), v.regex(hlsStreamIdPattern)),
  putToken: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)),
  putPath: v.pipe(v.string(), v.startsWith("/"), v.endsWith("/"), v.maxLength(200)),
  playPath: v.pipe(v.string(), v.startsWith("/"), v.maxLength(200)),
  limits: v.object({
    maxFileBytes: count,
    maxPlaylistBytes: count,
    maxStreamBytes: count,
    maxSegmentCount: count,
    idleMs: count,
  }),
});

const words = v.pipe(v.string(), v.maxLength(1000));

/** Checks the JSON that comes with a refusal (any status from 400 on): a `Failure`. */
export const refusalSchema: v.GenericSchema<unknown, Failure> = v.object({
  kind: v.picklist(["refused-input", "unreachable", "unsupported", "denied", "timed-out", "ended-early"]),
  what: words,
  where: words,
  next: words,
  cause: v.exactOptional(words),
});
