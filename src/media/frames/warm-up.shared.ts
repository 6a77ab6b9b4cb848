import { toSenderUs } from "../../core/clock/instants.ts";
import { boxModuleCount } from "../../core/marker/layout.ts";
import { writePayload } from "../../core/marker/payload.ts";
import { markerModules, quietModuleCount } from "../../core/marker/qr.ts";
import type { LumaPlane } from "../../core/marker/sample.kernel.ts";
import type { Finder } from "./find.shared.ts";
import { createMarkerReader } from "./read-marker.shared.ts";

const modulePx = 8;
/** Enough for the engine to compile what runs for every frame; the first frames of a stream then cost what later ones do. */
const readCount = 8;

function drawnMarker(): LumaPlane {
  const { dark, sideCount } = markerModules(
    writePayload({ runNumber: 0, frameId: 0, captureTimeUs: toSenderUs(0) }),
  );
  const sidePx = boxModuleCount * modulePx;
  const data = new Uint8Array(sidePx * sidePx).fill(235);
  for (let module = 0; module < dark.length; module += 1) {
    if (dark[module] !== 1) continue;
    const xPx = ((module % sideCount) + quietModuleCount) * modulePx;
    const yPx = (Math.floor(module / sideCount) + quietModuleCount) * modulePx;
    for (let line = 0; line < modulePx; line += 1) {
      const at = (yPx + line) * sidePx + xPx;
      data.fill(16, at, at + modulePx);
    }
  }
  return { data, widthPx: sidePx, heightPx: sidePx, strideBytes: sidePx };
}

/**
 * Reads a marker drawn on the spot, a few times over: proves that this engine reads markers at all, and has it compile the code.
 * @returns whether it was read every time
 */
export async function warmUp(find: Finder): Promise<boolean> {
  const whole = drawnMarker();
  let isRead = true;
  for (let round = 0; round < 2; round += 1) {
    const reader = createMarkerReader({ find: () => find, nowMs: () => 0 });
    for (let count = 0; count < readCount; count += 1) {
      const reading = await reader.read({
        widthPx: whole.widthPx,
        heightPx: whole.heightPx,
        luma: ({ xPx, yPx, widthPx, heightPx }) =>
          Promise.resolve({
            data: whole.data.subarray(yPx * whole.strideBytes + xPx),
            widthPx,
            heightPx,
            strideBytes: whole.strideBytes,
          }),
      });
      isRead &&= reading.read;
    }
  }
  return isRead;
}
