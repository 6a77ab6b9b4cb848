import * as v from "valibot";

import { flagField, whole } from "./query-parts.ts";
import type { QueryField } from "./query.ts";
import { s3Defaults, s3Keys, type S3Setup } from "./s3-setup.ts";

/** What a sender's address says about publishing by HLS. */
export type HlsSetup = S3Setup & {
  /** Length of a segment, s, 0.5 to 10; null takes 1 s with parts and 2 s without. */
  readonly segmentS: number | null;
  /** Length of a part, ms, 50 to 2000; 0 publishes whole segments only, as plain HLS does. */
  readonly partMs: number;
  /** Publish 1080, 720 and 360 lines, as far as the picture has them, each encoded once. */
  readonly ladder: boolean;
  /**
   * Where files are put on another server: an http(s) URL with `{name}` where the file's name goes. Empty: this project's own
   * server. What stands after its `?` may be a signature, so no link or message of the page holds it.
   */
  readonly putUrl: string;
  /** `Name: value` lines sent with every PUT to another server, `{name}` as above. Secret: no link of the page holds them. */
  readonly putHeaders: readonly string[];
  /**
   * Where viewers find the stream of another server; empty: for HLS the put URL without what follows its `?`, for other ways
   * not known.
   */
  readonly playUrl: string;
};

/** What stands where the address says nothing: low latency, one rung, this project's own server. */
export const hlsDefaults: HlsSetup = {
  segmentS: null,
  partMs: 200,
  ladder: false,
  putUrl: "",
  putHeaders: [],
  ...s3Defaults,
  playUrl: "",
};

/** Longest URL and header line taken, characters. */
const maxUrlLength = 4000;
const maxHeaderCount = 16;

const webUrl = /^https?:\/\/[^\s/?#@]+(?:[/?][^\s#]*)?$/i;

/** RFC 9110 5.1 and 5.5: a field name, and a value of visible characters and spaces. */
const headerLine = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}: ?[\u0020-\u007e]{0,2000}$/;

/** The query keys of HLS publishing. */
export const hlsKeys: readonly QueryField<HlsSetup>[] = [
  {
    key: "segment",
    help: "length of an HLS segment, 0.5 to 10 seconds, or auto: 1 with parts, 2 without",
    schema: v.union([
      v.pipe(
        v.literal("auto"),
        v.transform(() => ({ segmentS: null })),
      ),
      v.pipe(
        v.string(),
        v.regex(/^\d{1,2}(?:\.\d{1,3})?$/),
        v.transform(Number),
        v.minValue(0.5),
        v.maxValue(10),
        v.transform((segmentS) => ({ segmentS })),
      ),
    ]),
    show: (setup) => (setup.segmentS === null ? "auto" : String(setup.segmentS)),
  },
  {
    key: "part",
    help: "length of a part of low-latency HLS, 50 to 2000 ms, or 0 for plain HLS",
    schema: v.pipe(
      whole(0, 2000),
      v.check((partMs) => partMs === 0 || partMs >= 50),
      v.transform((partMs) => ({ partMs })),
    ),
    show: (setup) => String(setup.partMs),
  },
  flagField("ladder", "ladder", "1 publishes 1080, 720 and 360 lines, as far as the picture has them"),
  {
    key: "put",
    help: "http or https address that HLS files are put to on another server, {name} standing for the file's name; the page puts it in no link when it has a ?",
    isSecret: true,
    schema: v.pipe(
      v.string(),
      v.maxLength(maxUrlLength),
      v.check((text) => text === "" || (webUrl.test(text) && /^[^?]*\{name\}/.test(text))),
      v.transform((putUrl) => ({ putUrl })),
    ),
    show: (setup) => setup.putUrl,
  },
  {
    key: "header",
    help: "a header sent with every PUT to another server, such as Authorization: Bearer TOKEN; may be given up to 16 times; the page puts it in no link",
    isRepeated: true,
    isSecret: true,
    schema: v.pipe(
      v.string(),
      v.transform((lines) => (lines === "" ? [] : lines.split("\n"))),
      v.maxLength(maxHeaderCount),
      v.everyItem((line) => headerLine.test(line)),
      v.transform((putHeaders) => ({ putHeaders })),
    ),
    show: (setup) => setup.putHeaders.join("\n"),
  },
  ...s3Keys,
  {
    key: "play",
    help: "http or https address at which viewers find a stream that another server gives out (HLS, WHEP), where it cannot be known from where it is put",
    schema: v.pipe(
      v.string(),
      v.maxLength(maxUrlLength),
      v.check((text) => text === "" || webUrl.test(text)),
      v.transform((playUrl) => ({ playUrl })),
    ),
    show: (setup) => setup.playUrl,
  },
];

/** The setup as a link may hold it. */
export function withoutHlsSecrets<Setup extends HlsSetup>(setup: Setup): Setup {
  const putUrl = setup.putUrl.includes("?") ? "" : setup.putUrl;
  return { ...setup, ...s3Defaults, s3Region: setup.s3Region, putHeaders: [], putUrl };
}
