import * as v from "valibot";

import type { Failure } from "../failure.ts";
import { refusalSchema } from "./upload.ts";

/**
 * A relay: a page sends its encoded stream over a WebSocket to the server, which sends it on as RTMP or SRT. The page's first
 * message is the `open` text, then every binary message is the next piece of one Matroska stream, whole blocks or not.
 */
export const relayPath = "/ws/relay";
/** Largest binary message, bytes: a key frame of a 2160p stream has room in it. */
export const maxRelayMessageBytes: number = 8 * 1024 * 1024;

/** Texts from page to server. */
export type ToRelay =
  | {
      readonly type: "open";
      /** `rtmp:`, `rtmps:` or `srt:` URL, stream key and all: never written to any log. */
      readonly target: string;
    }
  /** Nothing more will come: what was sent is to reach the target, then the relay ends. */
  | { readonly type: "finish" };

/** Texts from server to page. */
export type FromRelay =
  /** About once a second; the first one says that the target takes the stream. Counts since the target took it. */
  | { readonly type: "progress"; readonly sentFrameCount: number; readonly sentBytes: number }
  /** The relay is over. `failure` is null after `finish`. The socket closes next. */
  | { readonly type: "ended"; readonly failure: Failure | null };

/** Checks a page's text at the server's door. */
export const toRelaySchema: v.GenericSchema<unknown, ToRelay> = v.variant("type", [
  v.strictObject({ type: v.literal("open"), target: v.pipe(v.string(), v.maxLength(2000)) }),
  v.strictObject({ type: v.literal("finish") }),
]);

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Checks a server's text at the page's door. */
export const fromRelaySchema: v.GenericSchema<unknown, FromRelay> = v.variant("type", [
  v.object({ type: v.literal("progress"), sentFrameCount: count, sentBytes: count }),
  v.object({ type: v.literal("ended"), failure: v.nullable(refusalSchema) }),
]);
