import type { Result } from "../../core/failure.ts";
import type { LumaTarget, VideoFacts } from "../../core/quality/video-facts.ts";

/** To the worker that runs ffmpeg.wasm: `start`, then `decode`, once each. */
export type FfmpegRequest =
  | {
      readonly kind: "start";
      readonly file: File;
      readonly scriptUrl: string;
      readonly wasmUrl: string;
      /**
       * One number: frames that may still be sent. The worker counts it down and waits at 0, for it hears nothing while it decodes;
       * its owner counts it up. Null where the browser shares no memory: then frames come as fast as they are decoded.
       */
      readonly room: SharedArrayBuffer | null;
    }
  | { readonly kind: "decode"; readonly facts: VideoFacts; readonly target: LumaTarget };

/** From that worker. */
export type FfmpegReport =
  | { readonly kind: "facts"; readonly facts: Result<VideoFacts> }
  | { readonly kind: "frame"; readonly luma: Uint8Array<ArrayBuffer> }
  | { readonly kind: "end"; readonly complaints: readonly string[] }
  | { readonly kind: "broken"; readonly why: string };
