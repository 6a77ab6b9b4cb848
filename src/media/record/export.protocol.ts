import type { ContainerType } from "../../core/record/container.ts";

/** A file made of a kept stretch. */
export type KeptFile = {
  readonly blob: Blob;
  readonly mimeType: ContainerType | "video/x-yuv4mpeg";
  /** What went into it. */
  readonly kind: "frames" | "pieces" | "luma";
  /** Frames, pieces or pictures in it; inits are not counted. */
  readonly itemCount: number;
  /** Frames that arrived and are not in it: the disk was slower than the stream, or they came apart from the key frame they need. */
  readonly skippedCount: number;
  /** Receiver's epoch clock. */
  readonly fromUs: number;
  readonly toUs: number;
};

/** All files of a segment, and what was observed meanwhile. */
export type ExportedSegment = {
  /** One where the stream stayed the same; another begins where the codec of frames, the rendition of pieces or the size of luma changed. */
  readonly files: readonly KeptFile[];
  /** Rows of `observation-row.ts` of the frames displayed meanwhile. */
  readonly rows: ArrayBuffer;
};

/** Jobs of the worker that makes files of kept parts. One segment at a time. */
export type ExportJobs = {
  readonly begin: { readonly request: { readonly expectedBytes: number }; readonly answer: null };
  /** Takes the next part: a log of `record-log.ts`, given away. */
  readonly add: {
    readonly request: { readonly bytes: ArrayBuffer; readonly untilUs: number };
    readonly answer: null;
  };
  readonly finish: { readonly request: object; readonly answer: ExportedSegment };
};
