import { create } from "qrcode/lib/core/qrcode.js";

/** The modules of a QR symbol, without quiet zone. */
export type ModuleGrid = {
  /** Modules along one side. */
  readonly sideCount: number;
  /** Row-major, one byte a module, 1 is dark. */
  readonly dark: Uint8Array;
};

/** Modules along one side of every marker: QR version 2. */
export const markerSideCount = 25;
/** Light modules that must surround a QR on every side (ISO/IEC 18004, 5.3.8). */
export const quietModuleCount = 4;

/**
 * One mask for every frame: the one with the least mean penalty over markers. Readers accept any; trying all eight
 * takes eight times as long, and a mask that changed from frame to frame would flip every module and cost the encoder bits.
 */
const markerMask = 0;

/**
 * The marker's symbol: numeric, version 2, error correction H.
 * @param payload the 34 digits of `writePayload`
 */
export function markerModules(payload: string): ModuleGrid {
  const symbol = create([{ data: payload, mode: "numeric" }], {
    version: 2,
    errorCorrectionLevel: "H",
    maskPattern: markerMask,
  });
  return { sideCount: symbol.modules.size, dark: symbol.modules.data };
}

/**
 * A QR of any text at error correction M in the smallest version that holds it, for links on screens.
 * @param text 1 to 2331 bytes of UTF-8; longer or empty text throws
 */
export function qrModules(text: string): ModuleGrid {
  const symbol = create(text, { errorCorrectionLevel: "M" });
  return { sideCount: symbol.modules.size, dark: symbol.modules.data };
}
