import { expect, it } from "vitest";

import { toSenderUs } from "../../core/clock/instants.ts";
import { finishFrame } from "./finish.shared.ts";

it("takes the capture time of a frame after its picture is laid, and lays its marker after that", () => {
  let nowUs = 1000;
  const laid: (string | number)[] = [];
  const maker = {
    lay: () => {
      nowUs += 8000;
      laid.push("picture");
    },
    finish: ({ captureTimeUs }: { readonly captureTimeUs: number }) => {
      laid.push("marker", captureTimeUs);
      return {} as VideoFrame;
    },
  };
  const clocks = { captureTimeUs: () => toSenderUs(nowUs), timestampUs: () => nowUs };
  finishFrame(maker, { runNumber: 1, frameId: 7 }, clocks);
  expect(laid).toEqual(["picture", "marker", 9000]);
});
