import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** libvmaf's figures of one frame, by its own names. */
export type CaseFrame = {
  readonly frame: number;
  readonly adm2: number;
  readonly motion2: number;
  readonly vif_scale0: number;
  readonly vif_scale1: number;
  readonly vif_scale2: number;
  readonly vif_scale3: number;
  readonly psnr_y: number;
  readonly ssim: number;
  readonly vmaf: number;
  readonly vmaf_neg: number;
};

/** libvmaf's figures of a received clip against its reference. */
export type CaseFigures = {
  /** File names, beside each other. */
  readonly reference: string;
  readonly distorted: string;
  readonly width: number;
  readonly height: number;
  readonly pooledMean: Readonly<Record<"vmaf" | "vmaf_neg" | "psnr_y" | "ssim", number>>;
  readonly frames: readonly CaseFrame[];
};

/** A case with the directory that has its clips. */
export type VmafCase = { readonly directory: string; readonly clip: CaseFigures };

const root = join(import.meta.dirname, "../..");

/** The cases whose clips are kept in the checkout. */
export const ownCases: string = join(root, "src/core/quality/cases");

/**
 * Where cases may be, the checkout's own last. Of some, only the figures are kept here: their clips are others' footage, read where
 * they stand beside the checkout, or in the directory that STREAMGAUGE_VMAF_CASES names.
 */
const directories = [
  process.env["STREAMGAUGE_VMAF_CASES"] ?? "",
  join(root, "../shared/vmaf/cases"),
  ownCases,
].filter((directory) => directory !== "" && existsSync(directory));

function readCases(directory: string): readonly (readonly [string, VmafCase])[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .map((name) => {
      const clip = JSON.parse(readFileSync(join(directory, name), "utf8")) as CaseFigures;
      return [name.slice(0, -".json".length), { directory, clip }] as const;
    });
}

const found = directories.flatMap(readCases);

/** Cases whose clips are at hand, each once, by name. */
export const vmafCases: ReadonlyMap<string, VmafCase> = new Map(
  found.filter(([, { directory, clip }]) =>
    [clip.reference, clip.distorted].every((file) => existsSync(join(directory, file))),
  ),
);

/** Names of cases of which only the figures are at hand. */
export const casesWithoutClips: readonly string[] = [...new Set(found.map(([name]) => name))].filter(
  (name) => !vmafCases.has(name),
);
