import { drawMarker } from "../../core/marker/draw.ts";
import { layoutMarker } from "../../core/marker/layout.ts";
import { createPlanes } from "../../core/scene/planes.ts";
import type { ClipGiven, ClipWish } from "../clip/clip.protocol.ts";
import type { DrawPlan } from "./draw.protocol.ts";
import { toFrame, type PictureMaker } from "./maker.shared.ts";

/** Pictures that are asked for ahead: what beginning the file anew takes must not show. */
const aheadCount = 5;

/** Draws the marker over pictures of a file, which come by frame id through a port. */
export function createClipMaker({ widthPx, heightPx }: DrawPlan, port: MessagePort): PictureMaker {
  const size = { widthPx, heightPx };
  const layout = layoutMarker(size);
  const planes = createPlanes(size);
  const given = new Map<number, ClipGiven>();
  let wake: (() => void) | null = null;
  let askedCount = 0;
  let colorSpace: VideoColorSpaceInit = {};
  port.onmessage = ({ data }: MessageEvent<ClipGiven>): void => {
    given.set(data.frameId, data);
    wake?.();
  };
  const take = async (frameId: number): Promise<ClipGiven> => {
    for (;;) {
      const picture = given.get(frameId);
      if (picture !== undefined) return picture;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    prepare: async (frameId) => {
      for (; askedCount <= frameId + aheadCount; askedCount += 1) {
        port.postMessage({ frameId: askedCount } satisfies ClipWish);
      }
      const picture = await take(frameId);
      if ("broken" in picture) throw new Error(picture.broken);
      given.delete(frameId - 1);
      planes.bytes.set(picture.bytes);
      ({ colorSpace } = picture);
    },
    finish: (marker, timestampUs) => {
      drawMarker(planes, layout, marker);
      return toFrame(planes, size, timestampUs, colorSpace);
    },
    close: () => port.close(),
  };
}
