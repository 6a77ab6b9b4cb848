import { fail, type Failure, type Result } from "../../core/failure.ts";
import { isModelAddress } from "../../core/quality/model-address.ts";
import { LARGEST_MODEL_CHARS, readSvrModel, type SvrModel } from "../../core/quality/svr-model.ts";
import { fetchModel } from "../../media/score/fetch-model.ts";

/** The model in a file that was chosen. */
export async function modelIn(file: File): Promise<Result<SvrModel>> {
  // A file larger than any model is not read into memory to be refused.
  const text = file.size > 4 * LARGEST_MODEL_CHARS ? "" : await file.text();
  return readSvrModel(text, file.name);
}

/** The model at the address that was typed. */
export async function modelAt(words: string): Promise<Result<SvrModel>> {
  if (isModelAddress(words)) return fetchModel(words);
  const next = "Give the whole address of a model file, beginning with https:// or http://.";
  return fail({ kind: "refused-input", what: "fetching the VMAF model", where: words, next });
}

/** Why there is no model, as a sentence under the field. */
export function complaintOf({ next, cause }: Failure): string {
  return cause === undefined ? next : `${next} (${cause})`;
}
