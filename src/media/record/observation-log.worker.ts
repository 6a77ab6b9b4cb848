import { succeed } from "../../core/failure.ts";
import { rowBytes } from "../../core/timeline/observation-row.ts";
import { serve } from "../workers/serve.ts";
import type { LogJobs } from "./observation-log.protocol.ts";

const folderName = "streamgauge-observations";

let open: { readonly name: string; readonly file: FileSystemSyncAccessHandle } | null = null;

async function folder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(folderName, { create: true });
}

/** Takes the lock that tells other pages that this file is in use; it goes when this worker does. */
function hold(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(`${folderName}/${name}`, () => {
        resolve();
        return new Promise<never>(() => {});
      })
      .catch(reject);
  });
}

/** Removes the files of pages that are gone: their locks are free. */
async function removeAbandoned(ownName: string): Promise<void> {
  const files = await folder();
  for await (const name of files.keys()) {
    if (name === ownName) continue;
    await navigator.locks.request(`${folderName}/${name}`, { ifAvailable: true }, async (lock) => {
      if (lock !== null) await files.removeEntry(name);
    });
  }
}

async function fileOf(name: string): Promise<FileSystemSyncAccessHandle> {
  if (open?.name === name) return open.file;
  await hold(name);
  const files = await folder();
  const handle = await files.getFileHandle(name, { create: true });
  open = { name, file: await handle.createSyncAccessHandle() };
  return open.file;
}

serve<LogJobs>(
  {
    listen: (onMessage) => {
      self.onmessage = (event: MessageEvent<unknown>): void => onMessage(event.data);
    },
    post: (answer, transfer) => self.postMessage(answer, { transfer: [...transfer] }),
  },
  {
    open: async ({ name }) => {
      await fileOf(name);
      await removeAbandoned(name);
      return { result: succeed(null) };
    },
    append: async ({ name, atRow, bytes }) => {
      const file = await fileOf(name);
      file.write(bytes, { at: atRow * rowBytes });
      file.flush();
      return { result: succeed(null) };
    },
    read: async ({ name, fromRow, rowCount }) => {
      const file = await fileOf(name);
      const bytes = new ArrayBuffer(rowCount * rowBytes);
      const lengthBytes = file.read(bytes, { at: fromRow * rowBytes });
      const whole = lengthBytes === bytes.byteLength ? bytes : bytes.slice(0, lengthBytes);
      return { result: succeed(whole), transfer: [whole] };
    },
    clear: async ({ name }) => {
      const file = await fileOf(name);
      file.truncate(0);
      file.flush();
      return { result: succeed(null) };
    },
  },
  "keeping the observations on disk",
);
