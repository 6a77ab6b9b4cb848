/** A file that is being written. Its calls return when they are done. */
export type WritableFile = {
  readonly sizeBytes: () => number;
  /** Throws when there is no room. */
  readonly append: (bytes: Uint8Array) => void;
  /** Cuts it to its first bytes. */
  readonly cut: (toBytes: number) => void;
  readonly read: () => Uint8Array<ArrayBuffer>;
  readonly flush: () => void;
  readonly close: () => void;
};

/** Folders of files. A file is open once at a time. */
export type Files = {
  readonly folders: () => Promise<readonly string[]>;
  /** Sizes of a folder's files by name; those that are open may be missing. */
  readonly sizes: (folder: string) => Promise<ReadonlyMap<string, number>>;
  /** Makes what is not there. */
  readonly open: (folder: string, name: string) => Promise<WritableFile>;
  /** A file that is not open; null when it is not there. */
  readonly read: (folder: string, name: string) => Promise<Uint8Array<ArrayBuffer> | null>;
  readonly remove: (folder: string, name: string) => Promise<void>;
  readonly removeFolder: (folder: string) => Promise<void>;
  /** Takes a folder for this worker alone until the worker ends; false where another page has it. */
  readonly claim: (folder: string) => Promise<boolean>;
};
