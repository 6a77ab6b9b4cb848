import type { SenderUs } from "../../core/clock/instants.ts";
import { measured, missing, type Measured } from "../../core/measured.ts";
import type { SenderReport } from "../../core/wire/automation.ts";
import type { PaceReport, PictureSource } from "../../media/draw/source.ts";
import type { EncoderSample } from "../../media/publish/way.ts";

const untold = "nobody receives yet, or the browser does not tell";

/** What is really sent, from what the pictures' pacer and the encoder tell. What they do not tell is missing. */
export function toReport(
  atUs: SenderUs,
  source: Pick<PictureSource, "runNumber">,
  pace: PaceReport,
  sample: EncoderSample,
): SenderReport {
  return {
    atUs,
    runNumber: source.runNumber,
    madeCount: pace.madeCount,
    lateCount: pace.lateCount,
    skippedCount: pace.skippedCount,
    droppedCount: sample.droppedCount ?? null,
    madeFps: measured(pace.madeFps),
    encodedFps: told(sample.encodedFps),
    sentFps: told(sample.sentFps),
    bitrateKbps: told(sample.bitrateKbps),
    roundTripMs: told(sample.roundTripMs),
    limitation: sample.limitation ?? null,
    codec: sample.codec ?? null,
    encoder: sample.encoder ?? null,
    widthPx: told(sample.widthPx),
    heightPx: told(sample.heightPx),
    rungs: sample.rungs ?? [],
  };
}

function told(value: number | undefined): Measured {
  return value === undefined ? missing(untold) : measured(value);
}
