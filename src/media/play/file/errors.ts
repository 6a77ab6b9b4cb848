import type { TroubleKind } from "../../../core/timeline/event.ts";

/** What an element's error is to the viewer, and whether coming back to the address can help. */
export type MediaVerdict = {
  readonly trouble: TroubleKind;
  readonly why: string;
  readonly action: "reload" | "give-up";
};

/** Judges a `MediaError` by its code (HTML, MediaError): 1 aborted, 2 network, 3 decode, 4 source not supported. */
export function judgeMediaError(code: number, hasPlayed: boolean): MediaVerdict {
  if (code === 3)
    return {
      trouble: "segment-corrupt",
      why: "the file cannot be decoded here",
      action: hasPlayed ? "reload" : "give-up",
    };
  if (code === 2 || hasPlayed)
    return { trouble: "unreachable", why: "the file's server cannot be reached", action: "reload" };
  return { trouble: "codec", why: "the browser does not play what is there", action: "give-up" };
}
