import { fail, succeed, type Failure } from "../../../core/failure.ts";
import { defaultReadLimits } from "../../../core/hls/read.ts";
import { showSource } from "../../../core/wire/source.ts";
import { fetchBounded } from "../bounded-fetch.ts";
import { addressOf } from "../claim.ts";
import type { Open } from "../way.ts";

/** Plays MPEG-DASH by dash.js. */
export const playDash: Open = async (target, options, signal) => {
  signal.throwIfAborted();
  const url = addressOf(target, ["http:", "https:"]);
  if (!url.ok) return url;
  const refusal = await refuseManifest(url.value, signal);
  if (refusal !== null) return fail(refusal);
  // dash.js reads `navigator` as it is loaded, which only browsers have.
  const { playByDashJs } = await import("./player.ts");
  signal.throwIfAborted();
  return succeed(playByDashJs(url.value, options));
};

/** dash.js reads manifests of any size: one that is too large is refused before it does. */
async function refuseManifest(url: URL, signal: AbortSignal): Promise<Failure | null> {
  const bounds = { maxBytes: defaultReadLimits.maxCharacterCount, firstByteMs: 10_000, wholeMs: 20_000 };
  const adapters = {
    fetch: (address: string, init: RequestInit) => fetch(address, init),
    nowMs: () => performance.now(),
  };
  const fetched = await fetchBounded(adapters, url.href, bounds, { signal });
  if (fetched.kind !== "too-large" && fetched.kind !== "too-slow") return null;
  return {
    kind: fetched.kind === "too-large" ? "refused-input" : "timed-out",
    what: "reading the DASH manifest",
    where: showSource(url.href),
    next: "Check that the address is that of a manifest.",
    cause: fetched.kind === "too-large" ? "it is larger than 16 MB" : "it did not come within 20 s",
  };
}
