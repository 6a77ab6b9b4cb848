import type { Result } from "../../core/failure.ts";
import { fetchSvrModel, MODEL_TIMEOUT_MS, type ModelAnswer } from "../../core/quality/model-address.ts";
import type { SvrModel } from "../../core/quality/svr-model.ts";

/** fetch's own message says little; what lies under it says why. */
function deeper(thrown: unknown): unknown {
  return thrown instanceof TypeError && thrown.cause instanceof Error ? thrown.cause : thrown;
}

async function get(url: string): Promise<ModelAnswer> {
  const signal = AbortSignal.timeout(MODEL_TIMEOUT_MS);
  const { status, body } = await fetch(url, { signal }).catch((thrown: unknown) => {
    throw deeper(thrown);
  });
  const texts = new TextDecoder();
  const chunks = body?.getReader();
  return {
    status,
    next: async () => {
      const chunk = await chunks?.read();
      return chunk?.value === undefined ? null : texts.decode(chunk.value as Uint8Array, { stream: true });
    },
    // What was broken off already cannot be cancelled, and need not be.
    end: () => void chunks?.cancel().catch(() => null),
  };
}

/** Fetches a published model file by its address. */
export function fetchModel(url: string): Promise<Result<SvrModel>> {
  const unreachableNext = "Check the address and the network, or name a file.";
  return fetchSvrModel(url, { get, unreachableNext });
}
