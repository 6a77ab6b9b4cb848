/** The pure core of the `qrcode` package: no canvas, no file system. Declares only what is used. */
declare module "qrcode/lib/core/qrcode.js" {
  /** Makes a QR symbol. Throws when the data does not fit the version. */
  export function create(
    data: string | readonly { readonly data: string; readonly mode: "numeric" }[],
    options: {
      readonly version?: number;
      readonly errorCorrectionLevel: "L" | "M" | "Q" | "H";
      readonly maskPattern?: number;
    },
  ): {
    readonly version: number;
    readonly maskPattern: number;
    /** Row-major, one byte a module, 1 is dark. */
    readonly modules: { readonly size: number; readonly data: Uint8Array };
  };
}
