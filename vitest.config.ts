import { defineConfig } from "vitest/config";

/**
 * Rooms whose tests leave nothing behind in the process: files take turns in one, which loads each module once instead of once a
 * file.
 */
const pureRooms = ["core", "media", "app"];
const nodeRooms = ["server", "cli"];

/** A test that hangs ends here; a slow machine is not a failure. */
const limits = { testTimeout: 60_000, hookTimeout: 60_000 };

/** One project per runtime, so that a report says where something broke. All run in Node. */
export default defineConfig({
  test: {
    // By itself it leaves one core idle: half of the time on a machine of two.
    maxWorkers: "100%",
    projects: [
      ...[...pureRooms, ...nodeRooms].map((name) => ({
        test: {
          name,
          environment: "node",
          include: [`src/${name}/**/*.test.{ts,tsx}`],
          isolate: nodeRooms.includes(name),
          ...limits,
        },
      })),
      { test: { name: "tools", environment: "node", include: ["{bench,deploy}/**/*.test.ts"], ...limits } },
    ],
  },
});
