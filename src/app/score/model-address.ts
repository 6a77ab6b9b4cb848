import { fail, type Failure, type Result } from "../../core/failure.ts";
import { isModelAddress } from "../../core/quality/model-address.ts";
import type { SvrModel } from "../../core/quality/svr-model.ts";
import { fetchModel } from "../../media/score/fetch-model.ts";

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
