import type { LumaPlane } from "../../core/marker/sample.kernel.ts";
import type { LumaTarget, VideoFacts } from "../../core/quality/video-facts.ts";

/** Luma frames of one video, decoded as they are asked for. */
export type LumaFeed = {
  /** The next frame, the taker's to keep; null after the last one. Rejects when the decoder gives up. */
  readonly next: () => Promise<LumaPlane | null>;
  /** What the decoder complained of, after the last frame. */
  readonly complaints: () => readonly string[];
};

/** A video that one decoder can decode. Whoever opened it closes it. */
export type FeedVideo = {
  readonly facts: VideoFacts;
  readonly decoder: string;
  /** Decodes it once. Brought to `target` by decoders that scale; as large as it is by others. */
  readonly decode: (target: LumaTarget) => LumaFeed;
  readonly close: () => void;
};

/** Lets one side wait until the other has changed something. */
export type Change = {
  readonly happened: () => void;
  /** Resolves once the condition holds; it is looked at again whenever something happened. */
  readonly until: (holds: () => boolean) => Promise<void>;
};

/** Makes a change that can be waited for, again and again. */
export function createChange(): Change {
  let waiting: (() => void)[] = [];
  return {
    happened: () => {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    until: async (holds) => {
      while (!holds()) await new Promise<void>((resolve) => void waiting.push(resolve));
    },
  };
}
