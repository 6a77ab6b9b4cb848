import * as v from "valibot";

import type { QueryField } from "./query.ts";

/** What a sender's address says about the ways out that end at someone else's server: WHIP, and RTMP or SRT by relay. */
export type OutletSetup = {
  /** WHIP endpoint (RFC 9725), an http(s) URL. Many hold a stream key, so no link or message of the page holds it. */
  readonly whipUrl: string;
  /** Bearer token of the WHIP endpoint; empty for none. Secret. */
  readonly whipToken: string;
  /** `rtmp:`, `rtmps:` or `srt:` URL that the server sends the stream on to, with its stream key. Secret. */
  readonly relayTarget: string;
};

/** What stands where the address says nothing. */
export const outletDefaults: OutletSetup = { whipUrl: "", whipToken: "", relayTarget: "" };

/** The query keys of ways out to other servers. */
export const outletKeys: readonly QueryField<OutletSetup>[] = [
  {
    key: "whip",
    help: "http or https address of a WHIP endpoint; the page puts it in no link",
    isSecret: true,
    schema: v.pipe(
      v.string(),
      v.maxLength(4000),
      v.check((text) => text === "" || /^https?:\/\/[^\s/?#@]+(?:[/?][^\s#]*)?$/i.test(text)),
      v.transform((whipUrl) => ({ whipUrl })),
    ),
    show: (setup) => setup.whipUrl,
  },
  {
    key: "token",
    help: "bearer token of the WHIP endpoint, up to 2000 printable characters; the page puts it in no link",
    isSecret: true,
    schema: v.pipe(
      v.string(),
      v.regex(/^[\u0021-\u007e]{0,2000}$/),
      v.transform((whipToken) => ({ whipToken })),
    ),
    show: (setup) => setup.whipToken,
  },
  {
    key: "target",
    help: "rtmp, rtmps or srt address that the server sends the stream on to, such as rtmp://host/app/key; the page puts it in no link",
    isSecret: true,
    schema: v.pipe(
      v.string(),
      v.maxLength(2000),
      v.check((text) => text === "" || /^(?:rtmps?|srt):\/\/[!-~]+$/i.test(text)),
      v.transform((relayTarget) => ({ relayTarget })),
    ),
    show: (setup) => setup.relayTarget,
  },
];

/** The setup as a link may hold it. */
export function withoutOutletSecrets<Setup extends OutletSetup>(setup: Setup): Setup {
  return { ...setup, ...outletDefaults };
}
