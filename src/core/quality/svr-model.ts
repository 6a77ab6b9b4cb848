import * as v from "valibot";

import { type Failure, type Result, fail, reason, succeed } from "../failure.ts";
import type { VmafFeatures } from "./frame-features.ts";
import { FEATURE_NAMES } from "./score-map.ts";

/** A published VMAF model as loaded from its file: libsvm's nu-SVR with a radial kernel. */
export type SvrModel = {
  /** The file's or URL's name, to be shown with every score. */
  readonly name: string;
  /** Which feature stands at each place of the vectors. */
  readonly features: readonly (keyof VmafFeatures)[];
  /** True when the file asks for features under enhancement gain limit 1. */
  readonly isNeg: boolean;
  /** Rescaling of the score, then of each feature: z = slope * x + intercept. */
  readonly slopes: readonly number[];
  readonly intercepts: readonly number[];
  readonly gamma: number;
  readonly rho: number;
  /** Support vectors: a weight and a centre in rescaled features. */
  readonly vectors: readonly { readonly weight: number; readonly centre: readonly number[] }[];
  /** The file's transform for phone screens, p0 + p1*s + p2*s^2, never under s; null when it has none. */
  readonly phone: readonly [number, number, number] | null;
};

/** A model file may have this many characters at most; the published ones have under a hundred thousand. */
export const LARGEST_MODEL_CHARS = 4_000_000;
const LARGEST_VECTOR_COUNT = 20_000;

const numbers = v.pipe(v.array(v.pipe(v.number(), v.finite())), v.minLength(2), v.maxLength(33));
const coefficient = v.optional(v.nullable(v.number()));
const fileSchema = v.object({
  model_dict: v.object({
    model_type: v.literal("LIBSVMNUSVR"),
    norm_type: v.literal("linear_rescale"),
    feature_names: v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.minLength(1), v.maxLength(32)),
    feature_opts_dicts: v.optional(v.array(v.record(v.string(), v.unknown()))),
    slopes: numbers,
    intercepts: numbers,
    score_transform: v.optional(
      v.object({ p0: coefficient, p1: coefficient, p2: coefficient, out_gte_in: v.optional(v.string()) }),
    ),
    model: v.pipe(v.string(), v.maxLength(LARGEST_MODEL_CHARS)),
  }),
});
type Dict = v.InferOutput<typeof fileSchema>["model_dict"];

const nameByFileName: Readonly<Record<string, keyof VmafFeatures>> = {
  adm2: "adm2",
  motion2: "motion2",
  vif_scale0: "vifScale0",
  vif_scale1: "vifScale1",
  vif_scale2: "vifScale2",
  vif_scale3: "vifScale3",
};

/** The feature a file means by names such as `VMAF_integer_feature_vif_scale0_score`. */
function featureOf(fileName: string): keyof VmafFeatures {
  const found = /(?:^|_)(adm2|motion2|vif_scale[0-3])(?:_score)?'?$/u.exec(fileName)?.[1];
  const name = found === undefined ? undefined : nameByFileName[found];
  if (name === undefined) throw new Error(`feature ${fileName} is not one that is measured here`);
  return name;
}

/** Whether features are to be measured under gain limit 1; limits between that and the default are not measured. */
function readGainLimit(dicts: readonly Readonly<Record<string, unknown>>[]): boolean {
  const options = dicts.flatMap((dict) => Object.entries(dict));
  const [other] = options.find(([key]) => !key.endsWith("_enhn_gain_limit")) ?? [];
  if (other !== undefined) throw new Error(`features with the option ${other} are not measured here`);
  const limits = options.map(([, limit]) => Number(limit));
  if (limits.every((limit) => limit >= 100)) return false;
  if (limits.every((limit) => limit === 1)) return true;
  throw new Error(`enhancement gain limits ${limits.join(", ")} are not measured here`);
}

function numberIn(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new Error(`"${text.slice(0, 40)}" is no number`);
  return value;
}

function readVector(line: string, featureCount: number): SvrModel["vectors"][number] {
  const [weight = "", ...entries] = line.trim().split(/\s+/u);
  const centre = Array.from({ length: featureCount }, () => 0);
  for (const entry of entries) {
    const [index = "", value = ""] = entry.split(":");
    const place = numberIn(index) - 1;
    if (!(place in centre)) throw new Error(`a support vector has a value at place ${index}`);
    centre[place] = numberIn(value);
  }
  return { weight: numberIn(weight), centre };
}

/** Reads libsvm's text: header lines of a word and a value, `SV`, then one vector a line. */
function readLibsvm(text: string, featureCount: number): Pick<SvrModel, "gamma" | "rho" | "vectors"> {
  const lines = text.split("\n").map((line) => line.trim());
  const start = lines.indexOf("SV");
  if (start < 0) throw new Error("the model has no support vectors");
  const header = new Map(
    lines.slice(0, start).map((line) => [line.split(" ")[0] ?? "", line.split(" ").slice(1).join(" ")]),
  );
  const kind = `${header.get("svm_type") ?? "none"} ${header.get("kernel_type") ?? "none"}`;
  if (kind !== "nu_svr rbf" && kind !== "epsilon_svr rbf") {
    throw new Error(`the model is ${kind}, not nu_svr rbf`);
  }
  const vectorLines = lines.slice(start + 1).filter((line) => line !== "");
  if (vectorLines.length === 0 || vectorLines.length > LARGEST_VECTOR_COUNT) {
    throw new Error(`the model has ${vectorLines.length} support vectors`);
  }
  return {
    gamma: numberIn(header.get("gamma") ?? ""),
    rho: numberIn(header.get("rho") ?? ""),
    vectors: vectorLines.map((line) => readVector(line, featureCount)),
  };
}

function readPhone(transform: Dict["score_transform"]): SvrModel["phone"] {
  const { p0, p1, p2, out_gte_in: neverUnder } = transform ?? {};
  if (typeof p0 !== "number" || typeof p1 !== "number" || typeof p2 !== "number") return null;
  return neverUnder === "true" ? [p0, p1, p2] : null;
}

function toModel(dict: Dict, name: string): SvrModel {
  const features = dict.feature_names.map(featureOf);
  const given = new Set(features);
  if (features.length !== FEATURE_NAMES.length || !FEATURE_NAMES.every((feature) => given.has(feature))) {
    throw new Error(`the model is over ${dict.feature_names.join(", ")}`);
  }
  if (dict.slopes.length !== features.length + 1 || dict.intercepts.length !== features.length + 1) {
    throw new Error("slopes and intercepts do not fit the features");
  }
  if (dict.slopes[0] === 0) throw new Error("the score's slope is 0");
  return {
    name,
    features,
    isNeg: readGainLimit(dict.feature_opts_dicts ?? []),
    slopes: dict.slopes,
    intercepts: dict.intercepts,
    ...readLibsvm(dict.model, features.length),
    phone: readPhone(dict.score_transform),
  };
}

/**
 * Reads a published model file (`vmaf_v0.6.1.json` and its like): one nu-SVR over the six features. Refuses anything else
 * with what is wrong with it. `name` is the file's name or URL, shown with the scores.
 */
export function readSvrModel(text: string, name: string): Result<SvrModel> {
  const refuse = (cause: string): { readonly ok: false; readonly failure: Failure } =>
    fail({
      kind: "refused-input",
      what: "reading a VMAF model",
      where: name,
      next: "Give a model file of one nu-SVR such as vmaf_v0.6.1.json, or score with the built-in map.",
      cause,
    });
  if (text.length > LARGEST_MODEL_CHARS) return refuse(`the file has ${text.length} characters`);
  try {
    return succeed(toModel(v.parse(fileSchema, JSON.parse(text)).model_dict, name));
  } catch (thrown) {
    return refuse(reason(thrown));
  }
}

/** The model's score of the features before it is cut to 0..100: exact, as libvmaf evaluates it. */
export function svrScore(model: SvrModel, features: VmafFeatures): number {
  const rescaled = model.features.map(
    (name, index) => (model.slopes[index + 1] ?? 0) * features[name] + (model.intercepts[index + 1] ?? 0),
  );
  let sum = -model.rho;
  for (const { weight, centre } of model.vectors) {
    let squares = 0;
    for (const [index, value] of rescaled.entries()) squares += (value - (centre[index] ?? 0)) ** 2;
    sum += weight * Math.exp(-model.gamma * squares);
  }
  return (sum - (model.intercepts[0] ?? 0)) / (model.slopes[0] ?? 1);
}
