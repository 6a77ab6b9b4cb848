/** Every job names the file, so that a worker started after a crash goes on where the one before left off. */
type OfFile<Request> = Request & {
  /** Name of this log's file in the origin's private file system. */
  readonly name: string;
};

/** Jobs of the worker that keeps a log's rows on disk. Rows are those of `observation-row.ts`. */
export type LogJobs = {
  /** Makes the file and removes those of pages that are gone. */
  readonly open: { readonly request: OfFile<object>; readonly answer: null };
  /** Writes rows and flushes them. The bytes are given away. */
  readonly append: {
    readonly request: OfFile<{ readonly atRow: number; readonly bytes: ArrayBuffer }>;
    readonly answer: null;
  };
  /** Reads rows; fewer than asked at the end. The bytes are given away. */
  readonly read: {
    readonly request: OfFile<{ readonly fromRow: number; readonly rowCount: number }>;
    readonly answer: ArrayBuffer;
  };
  readonly clear: { readonly request: OfFile<object>; readonly answer: null };
};
