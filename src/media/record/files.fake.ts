import type { Files } from "./files.shared.ts";

/** A disk in memory. */
export type FakeDisk = {
  /** The files as one page sees them; pages hold folders against each other until they end. */
  readonly openPage: () => Files & {
    /** The page is gone, without a word: what it wrote stays, what it held is free. */
    readonly end: () => void;
  };
  /** No more than this may be on it from now on. */
  readonly setRoom: (bytes: number) => void;
  readonly usedBytes: () => number;
};

/** Makes an empty disk. */
export function createFakeDisk(): FakeDisk {
  const folders = new Map<string, Map<string, Uint8Array<ArrayBuffer>>>();
  const holders = new Map<string, object>();
  let roomBytes = Infinity;
  const usedBytes = (): number => {
    let bytes = 0;
    for (const folder of folders.values()) for (const file of folder.values()) bytes += file.length;
    return bytes;
  };
  const folderOf = (name: string): Map<string, Uint8Array<ArrayBuffer>> => {
    const folder = folders.get(name) ?? new Map<string, Uint8Array<ArrayBuffer>>();
    folders.set(name, folder);
    return folder;
  };
  const openPage: FakeDisk["openPage"] = () => {
    const page = {};
    return {
      folders: async () => [...folders.keys()],
      sizes: async (folder) =>
        new Map([...folderOf(folder).entries()].map(([name, bytes]) => [name, bytes.length])),
      open: async (folder, name) => {
        const files = folderOf(folder);
        const bytesOf = () => files.get(name) ?? new Uint8Array(0);
        files.set(name, bytesOf());
        return {
          sizeBytes: () => bytesOf().length,
          append: (bytes) => {
            if (usedBytes() + bytes.length > roomBytes) throw new DOMException("full", "QuotaExceededError");
            const grown = new Uint8Array(bytesOf().length + bytes.length);
            grown.set(bytesOf());
            grown.set(bytes, bytesOf().length);
            files.set(name, grown);
          },
          cut: (toBytes) => files.set(name, bytesOf().slice(0, toBytes)),
          read: () => bytesOf().slice(),
          flush: () => undefined,
          close: () => undefined,
        };
      },
      read: async (folder, name) => folders.get(folder)?.get(name)?.slice() ?? null,
      remove: async (folder, name) => void folderOf(folder).delete(name),
      removeFolder: async (folder) => void folders.delete(folder),
      claim: async (folder) => {
        const holder = holders.get(folder) ?? page;
        holders.set(folder, holder);
        return holder === page;
      },
      end: () => {
        for (const [folder, holder] of holders) if (holder === page) holders.delete(folder);
      },
    };
  };
  return {
    openPage,
    setRoom: (bytes) => {
      roomBytes = bytes;
    },
    usedBytes,
  };
}
