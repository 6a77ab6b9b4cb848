import { describe, expect, it } from "vitest";

import type { FrameFeatures, VmafFeatures } from "./frame-features.ts";
import { closedFormScore } from "./score-map.ts";
import { readSvrModel, svrScore } from "./svr-model.ts";
import { CLOSED_FORM, createScoreMap } from "./vmaf.ts";

const perfect: VmafFeatures = { adm2: 1, motion2: 5, vifScale0: 1, vifScale1: 1, vifScale2: 1, vifScale3: 1 };
const poor: VmafFeatures = {
  adm2: 0.6,
  motion2: 9,
  vifScale0: 0.1,
  vifScale1: 0.3,
  vifScale2: 0.4,
  vifScale3: 0.5,
};

const frame = (standard: VmafFeatures, neg = standard): FrameFeatures => ({
  standard,
  neg,
  psnrYDb: 40,
  ssim: 0.9,
  msSsim: null,
});

/** A small model in the published files' form. */
const fileDict = {
  model_type: "LIBSVMNUSVR",
  norm_type: "linear_rescale",
  feature_names: [
    "VMAF_integer_feature_adm2_score",
    "VMAF_integer_feature_motion2_score",
    "VMAF_integer_feature_vif_scale0_score",
    "VMAF_integer_feature_vif_scale1_score",
    "VMAF_integer_feature_vif_scale2_score",
    "VMAF_integer_feature_vif_scale3_score",
  ],
  slopes: [0.01, 2, 0.05, 1, 1, 1, 1],
  intercepts: [-0.3, -1, 0, 0, -0.5, -0.5, -0.5],
  score_clip: [0, 100],
  score_transform: { p0: 1.5, p1: 1.7, p2: -0.007, out_gte_in: "true" },
  model: [
    "svm_type nu_svr",
    "kernel_type rbf",
    "gamma 0.05",
    "nr_class 2",
    "total_sv 2",
    "rho -0.25",
    "SV",
    "4 1:0.5 2:0.1 3:0.2 4:0.3 5:0.4 6:0.5 ",
    "-3.5 1:-0.5 3:0.9 ",
    "",
  ].join("\n"),
};
const fileText = (change: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ param_dict: { C: 4 }, model_dict: { ...fileDict, ...change } });

describe("closed form", () => {
  it("a perfect picture in motion scores near 100, and a poor one low", () => {
    expect(closedFormScore(perfect)).toBeGreaterThan(97);
    expect(closedFormScore(poor)).toBeLessThan(30);
  });

  it("features beyond the box count as those at its edge", () => {
    expect(closedFormScore({ ...poor, motion2: 80 })).toBe(closedFormScore({ ...poor, motion2: 50 }));
  });

  it("scores stay within 0 and 100, and a phone never shows worse than a screen", () => {
    const { score, info } = createScoreMap(null);
    for (const features of [perfect, poor, { ...poor, adm2: 0.2 }]) {
      const { vmaf, vmafPhone, vmafNeg } = score(frame(features, poor));
      expect(vmaf).toBeGreaterThanOrEqual(0);
      expect(vmafPhone ?? -1).toBeGreaterThanOrEqual(vmaf);
      expect(vmafPhone).toBeLessThanOrEqual(100);
      expect(vmafNeg).toBe(score(frame(poor)).vmaf);
    }
    expect(info).toBe(CLOSED_FORM);
  });
});

describe("model files", () => {
  it("a loaded model is evaluated by its formula, and the result says that it was", () => {
    const read = readSvrModel(fileText(), "small.json");
    if (!read.ok) throw new Error(read.failure.cause);
    const z = [0.6 * 2 - 1, 9 * 0.05, 0.1, 0.3 - 0.5, 0.4 - 0.5, 0.5 - 0.5];
    const first = [0.5, 0.1, 0.2, 0.3, 0.4, 0.5];
    const second = [-0.5, 0, 0.9, 0, 0, 0];
    const kernel = (centre: readonly number[]): number =>
      Math.exp(-0.05 * z.reduce((sum, value, index) => sum + (value - (centre[index] ?? 0)) ** 2, 0));
    const due = (4 * kernel(first) - 3.5 * kernel(second) + 0.25 + 0.3) / 0.01;
    expect(svrScore(read.value, poor)).toBeCloseTo(due, 9);
    const map = createScoreMap(read.value);
    expect(map.info).toEqual({ kind: "model-file", label: "small.json (the model itself)" });
    expect(map.score(frame(poor)).vmaf).toBeCloseTo(Math.min(100, due), 9);
  });

  it("a NEG model file scores features under gain limit 1", () => {
    const limits = [{ adm_enhn_gain_limit: 1 }, {}, { vif_enhn_gain_limit: 1 }];
    const neg = readSvrModel(fileText({ feature_opts_dicts: limits }), "neg.json");
    if (!neg.ok) throw new Error(neg.failure.cause);
    const { vmaf, vmafNeg } = createScoreMap(neg.value).score(frame(perfect, poor));
    expect(vmaf).toBe(vmafNeg);
    expect(vmaf).toBe(createScoreMap({ ...neg.value, isNeg: false }).score(frame(poor)).vmaf);
  });

  it("a file without a transform for phones gives no score for them", () => {
    const read = readSvrModel(fileText({ score_transform: undefined }), "plain.json");
    if (!read.ok) throw new Error(read.failure.cause);
    expect(createScoreMap(read.value).score(frame(poor)).vmafPhone).toBeNull();
  });

  it.each<readonly [what: string, text: string]>([
    ["no JSON", "VMAF"],
    ["JSON of something else", '{"frames": []}'],
    ["a bootstrap model", fileText({ model_type: "BOOTSTRAP_LIBSVMNUSVR" })],
    ["a model of other features", fileText({ feature_names: ["VMAF_feature_adm_scale0_score"] })],
    ["a model of too few features", fileText({ feature_names: fileDict.feature_names.slice(1) })],
    ["slopes that do not fit", fileText({ slopes: [1, 2] })],
    ["a slope of 0", fileText({ slopes: [0, 1, 1, 1, 1, 1, 1] })],
    ["another kernel", fileText({ model: fileDict.model.replace("rbf", "linear") })],
    ["no vectors", fileText({ model: "svm_type nu_svr\nkernel_type rbf\ngamma 1\nrho 0\nSV\n" })],
    ["a vector of words", fileText({ model: `${fileDict.model}one two\n` })],
    ["a vector with a place too many", fileText({ model: `${fileDict.model}1 7:1\n` })],
    ["features rescaled in another way", fileText({ norm_type: "clip_0to1" })],
    ["features measured in another way", fileText({ feature_opts_dicts: [{ motion_force_zero: true }] })],
    ["a gain limit between", fileText({ feature_opts_dicts: [{ vif_enhn_gain_limit: 1.2 }] })],
    ["a file too large", " ".repeat(4_000_001)],
  ])("%s is refused with what is wrong", (_what, text) => {
    const read = readSvrModel(text, "given.json");
    expect(read).toMatchObject({ ok: false, failure: { kind: "refused-input", where: "given.json" } });
    expect(read.ok ? "" : read.failure.cause).not.toBe("");
  });
});
