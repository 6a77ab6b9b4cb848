import type { FrameFeatures, VmafFeatures } from "./frame-features.ts";
import { closedFormScore } from "./score-map.ts";
import { type SvrModel, svrScore } from "./svr-model.ts";

/** Which map made a score out of the features; goes with every result. */
export type ScoreMapInfo =
  | { readonly kind: "closed-form"; readonly label: string; readonly boundVmaf: number }
  | { readonly kind: "model-file"; readonly label: string };

/** The built-in map. Its bound is against the published model's own scores. */
export const CLOSED_FORM: ScoreMapInfo = {
  kind: "closed-form",
  label: "VMAF v0.6.1 (closed-form fit of the published model, max error 0.005)",
  boundVmaf: 0.005,
};

/** Scores of one frame, each 0..100. */
export type VmafScores = {
  /** The default model, or that of the loaded file. */
  readonly vmaf: number;
  /** The same map over features under gain limit 1: what enhancement before the encoder adds does not count. */
  readonly vmafNeg: number;
  /** As seen on a phone's screen; null when a loaded file has no transform for it. */
  readonly vmafPhone: number | null;
};

/** Turns features into scores. */
export type ScoreMap = {
  readonly info: ScoreMapInfo;
  readonly score: (features: FrameFeatures) => VmafScores;
};

/** The published transform for phone screens: p0 + p1*s + p2*s^2, never under s. */
const PHONE: readonly [number, number, number] = [1.70674692, 1.72643844, -0.00705305];

function cut(score: number): number {
  return Math.min(100, Math.max(0, score));
}

function mapWith(
  info: ScoreMapInfo,
  evaluate: (features: VmafFeatures) => number,
  phone: readonly [number, number, number] | null,
  isNeg: boolean,
): ScoreMap {
  return {
    info,
    score: ({ standard, neg }) => {
      const whole = evaluate(isNeg ? neg : standard);
      return {
        vmaf: cut(whole),
        vmafNeg: cut(isNeg ? whole : evaluate(neg)),
        vmafPhone:
          phone === null ? null : cut(Math.max(whole, phone[0] + phone[1] * whole + phone[2] * whole ** 2)),
      };
    },
  };
}

/** The score map: exact with a loaded model, the built-in closed form of VMAF v0.6.1 without. */
export function createScoreMap(model: SvrModel | null): ScoreMap {
  if (model === null) return mapWith(CLOSED_FORM, closedFormScore, PHONE, false);
  const info: ScoreMapInfo = { kind: "model-file", label: `${model.name} (the model itself)` };
  return mapWith(info, (features) => svrScore(model, features), model.phone, model.isNeg);
}
