import { fail, type Failure, type FailureKind, type Result } from "../failure.ts";
import { LARGEST_MODEL_CHARS, readSvrModel, type SvrModel } from "./svr-model.ts";

/** How long a model may take to arrive, ms; the published ones are under 100 kB. */
export const MODEL_TIMEOUT_MS = 20_000;

/** A server's answer while it arrives. Whoever asked for it ends it. */
export type ModelAnswer = {
  /** HTTP status. */
  readonly status: number;
  /** The next piece of text; null after the last one. Rejects when the connection breaks or the time is up. */
  readonly next: () => Promise<string | null>;
  /** Takes no more of it. */
  readonly end: () => void;
};

/** What a runtime brings: `fetch` with its own time limit, of `MODEL_TIMEOUT_MS`. */
export type ModelFetch = {
  /** Asks with no credentials. Rejects when there is no answer, with an error named `TimeoutError` when the time is up. */
  readonly get: (url: string) => Promise<ModelAnswer>;
  /** What the user can do where there is no answer. */
  readonly unreachableNext: string;
};

/** Whether a model is named by its address rather than as a file. */
export function isModelAddress(words: string): boolean {
  return /^https?:\/\//iu.test(words);
}

/** The address without what may be secret: name and password, query. */
function shown(url: string): string {
  return url.replace(/^(https?:\/\/)[^/?#]*@/iu, "$1").replace(/[?#].*$/su, "");
}

function refuse(
  url: string,
  kind: FailureKind,
  next: string,
  cause: string,
): { readonly ok: false; readonly failure: Failure } {
  return fail({ kind, what: "fetching the VMAF model", where: shown(url), next, cause });
}

async function readText(answer: ModelAnswer): Promise<string> {
  let text = "";
  for (
    let piece = await answer.next();
    piece !== null && text.length <= LARGEST_MODEL_CHARS;
    piece = await answer.next()
  ) {
    text += piece;
  }
  return text;
}

/**
 * Fetches a published model file and reads it. Of a file larger than any model no more is taken than shows that; what is no model is
 * refused as a file would be.
 * @param url of `http:` or `https:`
 */
export async function fetchSvrModel(
  url: string,
  { get, unreachableNext }: ModelFetch,
): Promise<Result<SvrModel>> {
  let answer: ModelAnswer | null = null;
  try {
    answer = await get(url);
    const { status } = answer;
    if (status < 200 || status > 299) {
      const next = "Check the address: its server does not hand out a model there.";
      return refuse(url, "unreachable", next, `HTTP status ${status}`);
    }
    const text = await readText(answer);
    const name = shown(url).split("/").at(-1);
    return readSvrModel(text, name === undefined || name === "" ? shown(url) : name);
  } catch (thrown) {
    const { name, message } = thrown instanceof Error ? thrown : { name: "", message: String(thrown) };
    if (name !== "TimeoutError") return refuse(url, "unreachable", unreachableNext, message);
    const next = "Its server is too slow: try again, or save the file and choose it as a file.";
    return refuse(url, "timed-out", next, `not there after ${MODEL_TIMEOUT_MS / 1000} s`);
  } finally {
    answer?.end();
  }
}
