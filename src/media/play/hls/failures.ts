import type { ErrorData } from "hls.js";

import type { Failure } from "../../../core/failure.ts";
import { showSource } from "../../../core/wire/source.ts";
import { diagnoseNoAnswer, noAnswerWords } from "../diagnose.ts";
import type { HlsFault, HlsVerdict } from "./errors.ts";
import { tellState, type HlsPlay } from "./hls-play.ts";
import { foundWords } from "./loader.ts";

/** What of an hls.js error decides about it. */
export function faultOf({ details, fatal, response, appendsWithoutProgress = 0 }: ErrorData): HlsFault {
  const found = response?.text === foundWords["too-large"] ? "too-large" : null;
  return {
    details,
    isFatal: fatal,
    status: response?.code ?? null,
    found: found ?? (/timeout/i.test(details) ? "too-slow" : null),
    emptyAppendCount: appendsWithoutProgress,
  };
}

/** Why play is given up. */
export function failureOf(
  { url, noAnswer }: HlsPlay,
  { why, failure }: HlsVerdict,
  data: ErrorData,
): Failure {
  return {
    kind: failure,
    what: "playing the HLS stream",
    where: showSource(url.href),
    next: noAnswer?.next ?? nextFor[failure],
    cause: `${noAnswer?.why ?? why} (${data.details}${data.reason === undefined ? "" : `: ${data.reason}`})`,
  };
}

const nextFor: Readonly<Record<Failure["kind"], string>> = {
  "refused-input": "Check that the address is that of a playlist.",
  unreachable: "Check the address, and that its publisher runs.",
  unsupported: "Play a rendition in another codec, or use another browser.",
  denied: "The stream needs access that this address does not carry: ask for a signed address.",
  "timed-out": "Try again when the server answers faster.",
  "ended-early": "Start it again.",
};

/** Why there was no answer is found out once for each stretch without one, and told with the trouble. Never rejects. */
export async function findOut(playing: HlsPlay, target: string, signal: AbortSignal): Promise<void> {
  if (playing.noAnswer !== null) return;
  playing.noAnswer = {
    url: target,
    why: noAnswerWords.unreachable.why,
    next: noAnswerWords.unreachable.next,
  };
  try {
    const why = await diagnoseNoAnswer((url, init) => fetch(url, init), target, signal);
    playing.noAnswer = { url: target, ...noAnswerWords[why] };
    if (why !== "unreachable" && !playing.hasPlayed) playing.end(refusedBy(playing, why));
    tellState(playing);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Waiting does not change what a server does not allow. */
function refusedBy({ url, noAnswer }: HlsPlay, why: "cors" | "redirects"): Failure {
  return {
    kind: why === "cors" ? "denied" : "unreachable",
    what: "playing the HLS stream",
    where: showSource(url.href),
    next: noAnswer?.next ?? nextFor.denied,
    cause: noAnswer?.why ?? "",
  };
}
