import type { Result } from "../../core/failure.ts";
import type { LumaTarget, VideoFacts } from "../../core/quality/video-facts.ts";

/** What a decoding thread is started with. */
export type CoreJob = {
  readonly path: string;
  /** One number: frames that may still be sent. The thread counts it down and waits at 0; its owner counts it up. */
  readonly room: SharedArrayBuffer;
};

/** What the owner asks, once. */
export type CoreRequest = { readonly facts: VideoFacts; readonly target: LumaTarget };

/** What the thread tells. */
export type CoreReport =
  | { readonly kind: "facts"; readonly facts: Result<VideoFacts> }
  | { readonly kind: "frame"; readonly luma: Uint8Array<ArrayBuffer> }
  | { readonly kind: "end"; readonly complaints: readonly string[] };
