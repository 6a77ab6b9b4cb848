import { Worker } from "node:worker_threads";

/** The worker threads there are, by the names of their files. */
type ThreadName = "score-thread" | "decode-thread";

/** Starts a worker thread: a built one beside the built command, or its source, which tsx loads. */
export function startThread(name: ThreadName, workerData: unknown): Worker {
  const isSource = import.meta.url.endsWith(".ts");
  const url = new URL(`${name}${isSource ? ".ts" : ".js"}`, import.meta.url);
  return new Worker(url, { workerData, ...(isSource ? { execArgv: ["--import", "tsx"] } : {}) });
}
