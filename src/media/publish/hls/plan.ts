import { fail, succeed, type Failure, type Result } from "../../../core/failure.ts";
import { planCadence, type Cadence } from "../../../core/hls/cadence.ts";
import type { SenderSetup } from "../../../core/wire/setup.ts";
import type { EncodePlan, EncodeRung } from "../encode/encode.protocol.ts";

/** One rung of a ladder as it is published. */
export type HlsRung = EncodeRung & {
  /** Folder of its files; empty for a stream of one rung, whose playlist stands at the top. */
  readonly folder: string;
};

/** How a stream is cut and encoded. */
export type HlsPlan = {
  readonly cadence: Cadence;
  readonly rungs: readonly HlsRung[];
  readonly encode: EncodePlan;
};

/** Lines of the rungs of a ladder. */
const ladderHeights = [1080, 720, 360] as const;

/** Bitrate grows slower than the picture: half the lines need about a third of the bits for the same look. */
const bitrateExponent = 0.75;

/** Plans a stream, or refuses a codec that MP4 players do not take. */
export function planHls(setup: SenderSetup): Result<HlsPlan> {
  if (setup.codec === "vp8") return fail(noVp8);
  const hasParts = setup.partMs > 0;
  const cadence = planCadence({
    fps: setup.fps,
    segmentS: setup.segmentS ?? (hasParts ? 1 : 2),
    partS: hasParts ? setup.partMs / 1000 : null,
  });
  const { widthPx, heightPx, bitrateKbps, fps, codec } = setup;
  const rungs = setup.ladder
    ? toLadder({ widthPx, heightPx, bitrateKbps })
    : [{ widthPx, heightPx, bitrateKbps, folder: "" }];
  return succeed({
    cadence,
    rungs,
    encode: { codec, fps, framesPerKey: cadence.framesPerSegment, rungs, avcFormat: "avc" },
  });
}

/**
 * What viewers of a stream rely on: its rungs, and the durations that a living playlist may not change (RFC 8216bis 6.2.1). A
 * stream of another shape is another stream, under another address.
 */
export function shapeOf({ rungs, cadence }: HlsPlan): string {
  const folders = rungs.map(({ folder }) => folder).join("+");
  const partMs = cadence.partTargetS === null ? "whole" : Math.round(cadence.partTargetS * 1000);
  return `${folders}@${cadence.targetDurationS}/${partMs}`;
}

/** The picture itself on top where its lines are none of the ladder's. */
function toLadder(top: EncodeRung): readonly HlsRung[] {
  const lower = ladderHeights.filter((heightPx) => heightPx < top.heightPx);
  return [top.heightPx, ...lower].map((heightPx) => {
    const ratio = heightPx / top.heightPx;
    return {
      heightPx,
      widthPx: 2 * Math.round((top.widthPx * ratio) / 2),
      bitrateKbps: Math.max(50, Math.round(top.bitrateKbps * ratio ** (2 * bitrateExponent))),
      folder: `${heightPx}p`,
    };
  });
}

const noVp8: Failure = {
  kind: "unsupported",
  what: "HLS players do not take VP8 in MP4",
  where: "key codec: vp8",
  next: "Choose H.264, VP9 or AV1; every player takes H.264.",
};
