import type { Result } from "../../core/failure.ts";
import { fetchSvrModel, MODEL_TIMEOUT_MS, type ModelAnswer } from "../../core/quality/model-address.ts";
import type { SvrModel } from "../../core/quality/svr-model.ts";

async function get(url: string): Promise<ModelAnswer> {
  const signal = AbortSignal.timeout(MODEL_TIMEOUT_MS);
  const { status, body } = await fetch(url, { signal, credentials: "omit" });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  return {
    status,
    next: async () => (await reader?.read())?.value ?? null,
    // What was broken off already cannot be cancelled, and need not be.
    end: () => void reader?.cancel().catch(() => null),
  };
}

/** Fetches a published model file by its address, whose server must let pages of other sites read it (CORS). */
export function fetchModel(url: string): Promise<Result<SvrModel>> {
  const unreachableNext =
    "Check the address. If it opens in a tab of its own, its server lets no page of another site read it (CORS): save the file and drop it here.";
  return fetchSvrModel(url, { get, unreachableNext });
}
