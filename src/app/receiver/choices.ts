const bufferPresets = ["auto", "0", "50", "100", "200", "500", "1000"] as const;

/** Jitter buffer targets on offer, with the one in use if it is none of the usual. */
export function bufferChoices(
  bufferMs: number | null,
): readonly { readonly value: string; readonly label: string }[] {
  const current = toBufferChoice(bufferMs);
  const values = [...new Set<string>([...bufferPresets, current])];
  return values.map((value) => ({ value, label: value === "auto" ? "as the browser likes" : `${value} ms` }));
}

/** The choice that stands for a jitter buffer target. */
export function toBufferChoice(bufferMs: number | null): string {
  return bufferMs === null ? "auto" : String(bufferMs);
}

/** The jitter buffer target that a choice stands for. */
export function fromBufferChoice(value: string): number | null {
  return value === "auto" ? null : Number(value);
}

const syncPresets = ["auto", "0.4", "1", "3", "6", "12"] as const;

/** Distances from the live edge on offer, with the one in use if it is none of the usual. */
export function syncChoices(
  syncS: number | null,
): readonly { readonly value: string; readonly label: string }[] {
  const values = [...new Set<string>([...syncPresets, toSyncChoice(syncS)])];
  return values.map((value) => ({ value, label: value === "auto" ? "as the stream says" : `${value} s` }));
}

/** The choice that stands for a distance from the live edge. */
export function toSyncChoice(syncS: number | null): string {
  return syncS === null ? "auto" : String(syncS);
}

/** The distance from the live edge that a choice stands for. */
export function fromSyncChoice(value: string): number | null {
  return value === "auto" ? null : Number(value);
}
