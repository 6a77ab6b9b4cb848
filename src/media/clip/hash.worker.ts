import { createSHA256 } from "hash-wasm";

import { succeed } from "../../core/failure.ts";
import { serve } from "../workers/serve.ts";
import type { HashJobs } from "./clip.protocol.ts";

/** Bytes of a file in memory at once. */
const pieceBytes = 4 * 1024 * 1024;

serve<HashJobs>(
  {
    listen: (onMessage) => {
      self.onmessage = (event: MessageEvent<unknown>): void => onMessage(event.data);
    },
    post: (answer, transfer) => self.postMessage(answer, { transfer: [...transfer] }),
  },
  {
    hash: async ({ file }) => {
      // The browser's own takes the whole at once, and files may be large.
      const hash = await createSHA256();
      for (let at = 0; at < file.size; at += pieceBytes) {
        hash.update(new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer()));
      }
      return { result: succeed(hash.digest()) };
    },
  },
  "reading the file",
);
