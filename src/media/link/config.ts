import * as v from "valibot";

import { pageConfigSchema, type PageConfig } from "../../core/wire/config.ts";

/** What stands where the server tells no configuration: host candidates only. */
export const plainConfig: PageConfig = { iceServers: [] };
/** Longest wait for the configuration, ms: a connection begins without it rather than late. */
export const configTimeoutMs = 5000;

/** What came of asking for the configuration: `why` says why the plain one stands in, null when the server answered. */
export type ConfigAnswer = { readonly config: PageConfig; readonly why: string | null };

/** The part of `fetch` that is used. */
export type FetchJson = (
  url: string,
  init: { readonly signal: AbortSignal },
) => Promise<Pick<Response, "ok" | "status" | "json">>;

/** Asks the server for ICE servers. Never rejects: without an answer the plain configuration stands in, with the reason. */
export async function fetchConfig(url: string, fetchJson: FetchJson): Promise<ConfigAnswer> {
  try {
    const response = await fetchJson(url, { signal: AbortSignal.timeout(configTimeoutMs) });
    if (!response.ok) return { config: plainConfig, why: `${url} answered ${response.status}` };
    const parsed = v.safeParse(pageConfigSchema, await response.json());
    if (parsed.success) return { config: parsed.output, why: null };
    return { config: plainConfig, why: `${url} answered something else than a configuration` };
  } catch {
    return { config: plainConfig, why: `${url} could not be reached` };
  }
}
