import type { PictureSize } from "../marker/layout.ts";
import type { Steps } from "../steps.ts";
import { type Kernels, readResults } from "./kernels.ts";

/** The six features of VMAF v0.6.1 for one frame, under their names in the literature. All are without unit. */
export type VmafFeatures = {
  /** Detail kept, 0..1 or a little over (Li et al. 2011). */
  readonly adm2: number;
  /** Mean absolute luma difference to the nearer neighbour frame, blurred, in levels of 0..255. */
  readonly motion2: number;
  /** Visual information fidelity of four scales, 0..1 or a little over (Sheikh & Bovik 2006). */
  readonly vifScale0: number;
  readonly vifScale1: number;
  readonly vifScale2: number;
  readonly vifScale3: number;
};

/** What is measured of one received frame against its reference. */
export type FrameFeatures = {
  /** Features as VMAF has them: enhancement may gain up to 100 times. */
  readonly standard: VmafFeatures;
  /** Features under enhancement gain limit 1, for VMAF NEG. */
  readonly neg: VmafFeatures;
  /** Peak signal-to-noise ratio of luma in dB, at most 60, which equal pictures have. */
  readonly psnrYDb: number;
  /** Mean structural similarity (Wang et al. 2004) of the pictures brought to about 256 lines, as libvmaf does; -1..1. */
  readonly ssim: number;
  /** Multi-scale structural similarity; null when not asked for, or under MS_SSIM_SMALLEST_PX. */
  readonly msSsim: number | null;
};

/** Features of a frame that need no other frame. */
export type SpatialFeatures = Omit<FrameFeatures, "standard" | "neg"> & {
  readonly standard: Omit<VmafFeatures, "motion2">;
  readonly neg: Omit<VmafFeatures, "motion2">;
};

/** PSNR is cut here, as libvmaf cuts it for 8 bit. */
const PSNR_LIMIT_DB = 60;
/** Smallest width and height that MS-SSIM's five scales leave a window of 11 in. */
export const MS_SSIM_SMALLEST_PX = 176;
/** Exponents of the five scales, finest first (Wang, Simoncelli & Bovik 2003). */
const MS_SSIM_WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

function measureVif(kernels: Kernels, reference: number, received: number): readonly number[] {
  kernels.vif(reference, received);
  const sums = readResults(kernels, 12);
  return Array.from({ length: 8 }, (_, index) => share(sums[index] ?? 0, sums[8 + (index % 4)] ?? 0));
}

function measureAdm(
  kernels: Kernels,
  reference: number,
  received: number,
  size: PictureSize,
): readonly number[] {
  kernels.adm(reference, received);
  const floor = (1e-2 * (size.widthPx * size.heightPx)) / (1920 * 1080);
  const [kept = 0, keptNeg = 0, whole = 0] = readResults(kernels, 3).map((sum) => (sum < floor ? 0 : sum));
  return [share(kept, whole), share(keptNeg, whole)];
}

function measureMsSsim(kernels: Kernels, reference: number, received: number): number {
  kernels.msSsim(reference, received);
  const means = readResults(kernels, 6);
  // The coarsest scale counts with luminance as well; a mean under 0 has no power, and stands for nothing in common.
  const counted = [...means.slice(0, 4), means[5] ?? 0];
  return counted.reduce(
    (product, mean, scale) => product * Math.max(0, mean) ** (MS_SSIM_WEIGHTS[scale] ?? 0),
    1,
  );
}

/** PSNR of a mean squared error over 8-bit samples, in dB, at most 60. */
export function psnrDb(squaredError: number): number {
  return squaredError === 0
    ? PSNR_LIMIT_DB
    : Math.min(PSNR_LIMIT_DB, 10 * Math.log10(255 ** 2 / squaredError));
}

/** Measures the pictures in two slots. `withMsSsim` costs about as much as half of everything else. */
export function* spatialSteps(
  kernels: Kernels,
  size: PictureSize,
  slots: { readonly reference: number; readonly received: number },
  withMsSsim: boolean,
): Steps<SpatialFeatures> {
  const { reference, received } = slots;
  const vif = measureVif(kernels, reference, received);
  yield;
  const [adm2 = 0, adm2Neg = 0] = measureAdm(kernels, reference, received, size);
  yield;
  const isLarge = Math.min(size.widthPx, size.heightPx) >= MS_SSIM_SMALLEST_PX;
  const four = (from: number): Omit<VmafFeatures, "adm2" | "motion2"> => ({
    vifScale0: vif[from] ?? 0,
    vifScale1: vif[from + 1] ?? 0,
    vifScale2: vif[from + 2] ?? 0,
    vifScale3: vif[from + 3] ?? 0,
  });
  return {
    standard: { adm2, ...four(0) },
    neg: { adm2: adm2Neg, ...four(4) },
    psnrYDb: psnrDb(kernels.squaredError(reference, received)),
    ssim: kernels.ssim(reference, received),
    msSsim: withMsSsim && isLarge ? measureMsSsim(kernels, reference, received) : null,
  };
}

/** Adds the feature that other frames decide. */
export function withMotion(spatial: SpatialFeatures, motion2: number): FrameFeatures {
  return {
    ...spatial,
    standard: { ...spatial.standard, motion2 },
    neg: { ...spatial.neg, motion2 },
  };
}
