import type { ClipTimes } from "../../core/clip/clip.ts";
import type { PictureSize } from "../../core/marker/layout.ts";
import type { Marker } from "../../core/marker/payload.ts";
import type { LumaPlane } from "../../core/marker/sample.kernel.ts";

/** How a sender shows a file: with a frame id, what makes a picture again. */
export type ClipPlan = PictureSize & {
  /** Frames a second of the sender. */
  readonly fps: number;
  /** As the sender read them off its file. */
  readonly times: ClipTimes;
};

/** The jobs of a worker that has one file open. `open` comes first. */
export type ClipJobs = {
  readonly open: { readonly request: { readonly file: File }; readonly answer: ClipTimes };
  /** Hands the pictures of frames, without markers, to whoever has the other end of the port. */
  readonly connect: {
    readonly request: { readonly plan: ClipPlan; readonly port: MessagePort };
    readonly answer: null;
  };
  /** Luma of frames as a sender handed them to its encoder, markers drawn; best in the order of frame ids. */
  readonly luma: {
    readonly request: { readonly plan: ClipPlan; readonly markers: readonly Marker[] };
    readonly answer: { readonly planes: readonly LumaPlane[]; readonly tookMs: number };
  };
};

/** Over the port: which frame is wanted. */
export type ClipWish = { readonly frameId: number };

/** Over the port: its picture without marker, I420 in limited range; or the decoder's own words where there is none. */
export type ClipGiven =
  | {
      readonly frameId: number;
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly colorSpace: VideoColorSpaceInit;
    }
  | { readonly frameId: number; readonly broken: string };

/** The job of a worker that hashes files: SHA-256 in hexadecimal digits. */
export type HashJobs = {
  readonly hash: { readonly request: { readonly file: File }; readonly answer: string };
};
