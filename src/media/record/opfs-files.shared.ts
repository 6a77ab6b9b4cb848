import type { Files, WritableFile } from "./files.shared.ts";

/** The part of a synchronous access handle that is used; TypeScript's DOM library has it for workers alone. */
type SyncFile = {
  readonly getSize: () => number;
  readonly write: (bytes: Uint8Array, options: { readonly at: number }) => number;
  readonly read: (bytes: Uint8Array, options: { readonly at: number }) => number;
  readonly truncate: (sizeBytes: number) => void;
  readonly flush: () => void;
  readonly close: () => void;
};

type SyncHandle = FileSystemFileHandle & { readonly createSyncAccessHandle: () => Promise<SyncFile> };

function toWritable(file: SyncFile): WritableFile {
  let endBytes = file.getSize();
  return {
    sizeBytes: () => endBytes,
    append: (bytes) => {
      try {
        const writtenBytes = file.write(bytes, { at: endBytes });
        // A short write is how some systems tell a full disk.
        if (writtenBytes < bytes.length) throw new DOMException("the disk is full", "QuotaExceededError");
        endBytes += writtenBytes;
      } catch (error) {
        file.truncate(endBytes);
        throw error;
      }
    },
    cut: (toBytes) => {
      file.truncate(toBytes);
      endBytes = toBytes;
    },
    read: () => {
      const bytes = new Uint8Array(endBytes);
      file.read(bytes, { at: 0 });
      return bytes;
    },
    flush: () => file.flush(),
    close: () => file.close(),
  };
}

/** Takes the lock that tells other pages that a folder is in use; it goes when this worker does. */
function hold(name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise<never>(() => {});
      })
      .catch(reject);
  });
}

/** Folders in the origin's private file system, under one name. For workers alone. */
export function createOpfsFiles(rootName: string): Files {
  const root = async (): Promise<FileSystemDirectoryHandle> =>
    (await navigator.storage.getDirectory()).getDirectoryHandle(rootName, { create: true });
  const madeFolder = async (folder: string): Promise<FileSystemDirectoryHandle> =>
    (await root()).getDirectoryHandle(folder, { create: true });
  const existingFolder = async (folder: string): Promise<FileSystemDirectoryHandle> =>
    (await root()).getDirectoryHandle(folder);
  return {
    folders: async () => {
      const names: string[] = [];
      for await (const name of (await root()).keys()) names.push(name);
      return names;
    },
    sizes: async (folder) => {
      const sizes = new Map<string, number>();
      for await (const [name, handle] of (await madeFolder(folder)).entries()) {
        if (handle.kind === "file") sizes.set(name, (await handle.getFile()).size);
      }
      return sizes;
    },
    open: async (folder, name) => {
      const handle = await (await madeFolder(folder)).getFileHandle(name, { create: true });
      return toWritable(await (handle as SyncHandle).createSyncAccessHandle());
    },
    read: async (folder, name) => {
      try {
        const handle = await (await existingFolder(folder)).getFileHandle(name);
        return new Uint8Array(await (await handle.getFile()).arrayBuffer());
      } catch (error) {
        if (error instanceof DOMException && error.name === "NotFoundError") return null;
        throw error;
      }
    },
    remove: async (folder, name) => (await madeFolder(folder)).removeEntry(name),
    removeFolder: async (folder) => (await root()).removeEntry(folder, { recursive: true }),
    claim: (folder) => hold(`${rootName}/${folder}`),
  };
}
