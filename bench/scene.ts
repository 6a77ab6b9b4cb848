import { createPlanes } from "../src/core/scene/planes.ts";
import { createScene } from "../src/core/scene/scene.ts";
import type { Bench } from "./bench-type.ts";
import { timeCalls } from "./parts/time-calls.ts";

const sizes = [
  [640, 360],
  [1280, 720],
  [1920, 1080],
  [3840, 2160],
] as const;

/** A frame's time at 30 frames a second. */
const frameMs = 1000 / 30;
/** The scene's shots come round after so many frames. */
const roundFrameCount = 600;

/** How long the built-in scene takes to make and to paint, through all its shots, on one core. */
export const bench: Bench = {
  name: "scene",
  about: "the built-in scene made and painted, all shots, one core",
  run: ({ quick, progress }) => {
    const rows = sizes.slice(0, quick ? 3 : 4).map(([widthPx, heightPx]) => {
      progress(`  ${widthPx}x${heightPx}`);
      const startedMs = performance.now();
      const scene = createScene({ seed: 1, widthPx, heightPx });
      const createMs = Math.round(performance.now() - startedMs);
      const planes = createPlanes({ widthPx, heightPx });
      const frameCount = quick ? 120 : 600;
      const step = roundFrameCount / frameCount;
      const times = timeCalls(frameCount, (index) => {
        scene.paint(index * step, planes);
      });
      return {
        size: `${widthPx}x${heightPx}`,
        createMs,
        paintMedianMs: times.medianMs,
        paintP95Ms: times.p95Ms,
        timesRealTimeAt30Fps: Math.round((frameMs / times.medianMs) * 10) / 10,
      };
    });
    return Promise.resolve({ rows });
  },
};
