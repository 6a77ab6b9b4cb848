import type { PublishWay } from "./way.ts";

/** Every way out, collected from the folders beside this file. */
export const publishWays: readonly PublishWay[] = Object.values(
  import.meta.glob<PublishWay>("./*/way.ts", { eager: true, import: "way" }),
);
