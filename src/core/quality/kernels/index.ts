// What the kernels export. The face in TypeScript is Kernels in ../kernels.ts.
import { layOut, planeAt } from "./arena";
import { admOf } from "./adm";
import { squaredErrorOf } from "./error";
import { fillTables } from "./gauss";
import { motionOf } from "./motion";
import { msSsimOf, ssimOf } from "./ssim";
import { vifOf } from "./vif";

const RESULTS: usize = memory.data(96, 16);

export function layout(widthPx: i32, heightPx: i32): usize {
  fillTables();
  return layOut(widthPx, heightPx);
}

export function plane(slot: i32): usize {
  return planeAt(slot);
}

export function results(): usize {
  return RESULTS;
}

export function vif(reference: i32, received: i32): void {
  if (ASC_FEATURE_SIMD) vifOf<v128>(reference, received, RESULTS);
  else vifOf<f32>(reference, received, RESULTS);
}

export function adm(reference: i32, received: i32): void {
  if (ASC_FEATURE_SIMD) admOf<v128>(reference, received, RESULTS);
  else admOf<f32>(reference, received, RESULTS);
}

export function motion(a: i32, b: i32): f64 {
  if (ASC_FEATURE_SIMD) return motionOf<v128>(a, b);
  else return motionOf<f32>(a, b);
}

export function squaredError(a: i32, b: i32): f64 {
  return squaredErrorOf(a, b);
}

export function ssim(reference: i32, received: i32): f64 {
  if (ASC_FEATURE_SIMD) return ssimOf<v128>(reference, received);
  else return ssimOf<f32>(reference, received);
}

export function msSsim(reference: i32, received: i32): void {
  if (ASC_FEATURE_SIMD) msSsimOf<v128>(reference, received, RESULTS);
  else msSsimOf<f32>(reference, received, RESULTS);
}
