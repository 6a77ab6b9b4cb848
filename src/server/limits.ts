/** How often something may happen: `burst` at once, `perS` a second in the long run. */
export type Allowance = { readonly burst: number; readonly perS: number };

/** A token bucket per key, forgotten when full again, so that memory follows those who use it. */
export type Limiter = {
  /** Whether a token is there to take. */
  readonly has: (key: string) => boolean;
  /** Takes one token; false when there is none. */
  readonly take: (key: string) => boolean;
  /** Forgets the keys whose bucket is full again. */
  readonly sweep: () => void;
};

/** Makes a limiter. Over `maxKeys` keys at once, unknown keys are refused: a flood of addresses cannot fill the memory. */
export function createLimiter(allowance: Allowance, nowMs: () => number, maxKeys = 10_000): Limiter {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  const level = (bucket: { readonly tokens: number; readonly atMs: number }): number =>
    Math.min(allowance.burst, bucket.tokens + ((nowMs() - bucket.atMs) * allowance.perS) / 1000);
  const sweep = (): void => {
    for (const [key, bucket] of buckets) if (level(bucket) >= allowance.burst) buckets.delete(key);
  };
  return {
    sweep,
    has: (key) => {
      const bucket = buckets.get(key);
      return bucket === undefined || level(bucket) >= 1;
    },
    take: (key) => {
      const bucket = buckets.get(key) ?? { tokens: allowance.burst, atMs: nowMs() };
      const tokens = level(bucket);
      if (!buckets.has(key) && buckets.size >= maxKeys) sweep();
      if (tokens < 1 || (!buckets.has(key) && buckets.size >= maxKeys)) return false;
      buckets.set(key, { tokens: tokens - 1, atMs: nowMs() });
      return true;
    },
  };
}

/** Counts what is open at once, in all and per key. */
export type Census = {
  /** Counts one in, or refuses. */
  readonly enter: (key: string) => "in" | "too-many" | "too-many-here";
  readonly leave: (key: string) => void;
};

/** Makes a census with its two bounds. */
export function createCensus(bounds: { readonly inAll: number; readonly perKey: number }): Census {
  const counts = new Map<string, number>();
  let total = 0;
  return {
    enter: (key) => {
      const here = counts.get(key) ?? 0;
      if (total >= bounds.inAll) return "too-many";
      if (here >= bounds.perKey) return "too-many-here";
      counts.set(key, here + 1);
      total += 1;
      return "in";
    },
    leave: (key) => {
      const here = counts.get(key) ?? 0;
      if (here === 0) return;
      total -= 1;
      if (here === 1) counts.delete(key);
      else counts.set(key, here - 1);
    },
  };
}
