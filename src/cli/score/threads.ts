import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

/** The worker threads there are, by the names of their files. */
type ThreadName = "score-thread" | "decode-thread";

/** What starts a thread from its source: threads do not take over the loader that their owner has. */
function sourceStarter(url: URL): string {
  // Its CommonJS twin, which require finds, looks for its parts in the wrong place.
  const loader = createRequire(import.meta.url)
    .resolve("tsx/esm/api")
    .replace(/\.cjs$/, ".mjs");
  const [first, then] = [pathToFileURL(loader).href, url.href].map((href) => JSON.stringify(href));
  return `import(${first}).then(({ register }) => { register(); return import(${then}); });`;
}

/** Starts a worker thread: a built one beside the built command, or its source, which tsx loads. */
export function startThread(name: ThreadName, workerData: unknown): Worker {
  const isSource = import.meta.url.endsWith(".ts");
  const url = new URL(`${name}${isSource ? ".ts" : ".js"}`, import.meta.url);
  return isSource
    ? new Worker(sourceStarter(url), { workerData, eval: true })
    : new Worker(url, { workerData });
}
