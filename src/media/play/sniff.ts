import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import { showSource, type SourceKind } from "../../core/wire/source.ts";
import type { FetchAdapters } from "./bounded-fetch.ts";
import { diagnoseNoAnswer, noAnswerWords } from "./diagnose.ts";

/** How much of an unknown address is looked at. */
const sniffedBytes = 512;
const patienceMs = 8000;

/** What the beginning of a body is, by its first bytes and then by its declared type; null when it is nothing that is played. */
export function kindOfBeginning(bytes: Uint8Array, contentType: string): SourceKind | null {
  const text = new TextDecoder("latin1").decode(bytes).trimStart();
  if (text.startsWith("#EXTM3U")) return "hls";
  if (/^(?:ï»¿)?(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<MPD\b/s.test(text)) return "dash";
  if (text.slice(4, 8) === "ftyp") return "file";
  // EBML: WebM and Matroska.
  if (text.startsWith("\u001aEß£")) return "file";
  const type = contentType.toLowerCase();
  if (type.includes("mpegurl")) return "hls";
  if (type.includes("dash+xml")) return "dash";
  return /^video\/(?:mp4|webm|quicktime|ogg)/.test(type) ? "file" : null;
}

/** Finds out how an address without a telling ending is played, by its first bytes. Abort rejects with `signal.reason`. */
export async function sniffKind(
  fetch: FetchAdapters["fetch"],
  url: URL,
  signal: AbortSignal,
): Promise<Result<SourceKind>> {
  const where = showSource(url.href);
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  try {
    const response = await fetch(url.href, {
      headers: { Range: `bytes=0-${sniffedBytes - 1}` },
      signal: patience,
      credentials: "omit",
    });
    if (response.status === 405) return succeed("whep");
    if (!response.ok) {
      await response.body?.cancel();
      return fail(badStatus(where, response.status));
    }
    const kind = kindOfBeginning(await firstBytes(response), response.headers.get("content-type") ?? "");
    return kind === null ? fail(unknownKind(where, response.headers.get("content-type"))) : succeed(kind);
  } catch {
    signal.throwIfAborted();
    const why = await diagnoseNoAnswer(fetch, url.href, signal);
    return fail({
      kind: why === "cors" ? "denied" : "unreachable",
      what: "finding out what this address is",
      where,
      next: noAnswerWords[why].next,
      cause: noAnswerWords[why].why,
    });
  }
}

async function firstBytes(response: Response): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const { value } = await reader.read();
  await reader.cancel();
  return (value ?? new Uint8Array()).subarray(0, sniffedBytes);
}

function badStatus(where: string, status: number): Failure {
  return {
    kind: status === 401 || status === 403 ? "denied" : "unreachable",
    what: "finding out what this address is",
    where,
    next:
      status === 404
        ? "Nothing is there (yet): check the address, or start its publisher."
        : "Check the address and its access.",
    cause: `the server answered ${status}`,
  };
}

function unknownKind(where: string, contentType: string | null): Failure {
  return {
    kind: "refused-input",
    what: "finding out what this address is",
    where,
    next: "It begins like no HLS, DASH, MP4 or WebM. Choose how to play it, or share the tab of its player.",
    cause: `the server calls it ${contentType ?? "nothing"}`,
  };
}
