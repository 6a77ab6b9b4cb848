import type { Interval } from "./bootstrap.ts";
import { normalQuantile } from "./normal.ts";

/** A share of cases, with the interval where the true share lies. */
export type Proportion = { readonly share: number; readonly interval: Interval; readonly caseCount: number };

/**
 * A share of cases with E. B. Wilson's score interval (1927), which stays within 0 and 1 and does not vanish when all or none
 * were hits (Brown, Cai and DasGupta 2001 recommend it for few cases). Null without any case.
 */
export function proportionOf(
  hitCount: number,
  caseCount: number,
  confidence: number = 0.95,
): Proportion | null {
  if (caseCount === 0) return null;
  const z = normalQuantile((1 + confidence) / 2);
  const share = hitCount / caseCount;
  const weight = 1 + (z * z) / caseCount;
  const center = (share + (z * z) / (2 * caseCount)) / weight;
  const half = (z / weight) * Math.sqrt((share * (1 - share)) / caseCount + (z * z) / (4 * caseCount ** 2));
  return {
    share,
    interval: { low: Math.max(0, center - half), high: Math.min(1, center + half) },
    caseCount,
  };
}
