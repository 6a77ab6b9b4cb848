import { fail, succeed, unreachable, type Failure } from "../../../core/failure.ts";
import { defaultReadLimits } from "../../../core/hls/read.ts";
import { showSource } from "../../../core/wire/source.ts";
import { fetchBounded, pageFetch } from "../bounded-fetch.ts";
import { addressOf } from "../claim.ts";
import { diagnoseNoAnswer } from "../diagnose.ts";
import { refusedBy } from "../no-answer.ts";
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

const bounds = { maxBytes: defaultReadLimits.maxCharacterCount, firstByteMs: 10_000, wholeMs: 20_000 };

/**
 * dash.js reads manifests of any size and tells no reason where there was no answer: what is too large, and what waiting does
 * not mend, is refused before it is asked.
 */
async function refuseManifest(url: URL, signal: AbortSignal): Promise<Failure | null> {
  const adapters = { fetch: pageFetch, nowMs: () => performance.now() };
  const failure = { what: "reading the DASH manifest", where: showSource(url.href) };
  const fetched = await fetchBounded(adapters, url.href, bounds, { signal });
  switch (fetched.kind) {
    case "too-large":
      return { ...failure, kind: "refused-input", next: notOne, cause: "it is larger than 16 MB" };
    case "too-slow":
      return { ...failure, kind: "timed-out", next: notOne, cause: "it did not come within 20 s" };
    case "no-answer": {
      const found = await diagnoseNoAnswer(adapters.fetch, url.href, signal);
      // Somebody may be about to start there.
      if (found === "unreachable") return null;
      return refusedBy(found, failure.what, url);
    }
    case "ok":
    case "status":
      return null;
    default:
      return unreachable(fetched);
  }
}

const notOne = "Check that the address is that of a manifest.";
