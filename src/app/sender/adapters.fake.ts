import type { SenderUs } from "../../core/clock/instants.ts";
import { toSenderUs } from "../../core/clock/instants.ts";
import { succeed, type Failure, type Result } from "../../core/failure.ts";
import type { PictureSource } from "../../media/draw/source.ts";
import type { EncoderSample, Publish, PublishListener } from "../../media/publish/way.ts";
import type { SenderAdapters } from "./sender-store.ts";
import { toReceiverLink } from "./view.ts";

/** A browser for the sender without a browser: pictures and a way out that do as the test says. */
export type FakeSenderWorld = {
  readonly adapters: SenderAdapters;
  /** What was opened and closed, in order. */
  readonly log: readonly string[];
  /** Passes one report interval. */
  readonly tick: () => Promise<void>;
  /** What is still called again and again. */
  readonly tickerCount: () => number;
  /** The server opens the room (or goes away). */
  readonly openRoom: (join: string | null) => void;
  /** The way out without a room is live. */
  readonly openOutlet: (playUrl: string) => void;
  /** The way out ends on its own. */
  readonly endPublishing: (failure: Failure | null) => void;
  /** The pictures end on their own, e.g. the camera is unplugged. */
  readonly endPictures: (failure: Failure | null) => void;
  readonly sample: EncoderSample;
};

/** What a test decides before it begins. */
export type FakeSenderOptions = {
  readonly pictures?: Failure;
  readonly publish?: Failure;
  readonly sample?: EncoderSample;
};

const plainPictures: Pick<PictureSource, "track" | "follow" | "clip" | "pace"> = {
  // No test looks inside the track; Node has none to give.
  track: {} as MediaStreamTrack,
  follow: null,
  clip: null,
  pace: () => ({ madeCount: 30, lateCount: 1, skippedCount: 0, madeFps: 30 }),
};

const nothingToEnd = (_failure: Failure | null): void => undefined;

/** Makes the fake browser. */
export function createFakeSenderWorld(options: FakeSenderOptions = {}): FakeSenderWorld {
  const log: string[] = [];
  const ticks = new Set<() => void>();
  const sample = options.sample ?? {};
  let listener: PublishListener | null = null;
  let endPublishing = nothingToEnd;
  let endPictures = nothingToEnd;
  let runNumber = 0;

  const publish: Publish = async (source, _setup, facts, given) => {
    if (options.publish !== undefined) return { ok: false, failure: options.publish };
    log.push(`publish run ${facts.runNumber} of ${source.runNumber}`);
    listener = given;
    const ended = new Promise<Failure | null>((resolve) => {
      endPublishing = resolve;
    });
    return succeed({ ended, sample: async () => sample, close: () => log.push("unpublish") });
  };

  return {
    log,
    sample,
    tick: async () => {
      for (const call of ticks) call();
      await Promise.resolve();
      await Promise.resolve();
    },
    tickerCount: () => ticks.size,
    openRoom: (join) => listener?.onJoin(join),
    openOutlet: (playUrl) => listener?.onOutlet({ state: "live", why: "", playUrl }),
    endPublishing: (failure) => endPublishing(failure),
    endPictures: (failure) => endPictures(failure),
    adapters: {
      openPictures: async (setup, _input, run): Promise<Result<PictureSource>> => {
        if (options.pictures !== undefined) return { ok: false, failure: options.pictures };
        log.push(`pictures ${setup.scene} run ${run}`);
        const ended = new Promise<Failure | null>((resolve) => {
          endPictures = resolve;
        });
        const { widthPx, heightPx } = setup;
        const close = () => log.push(`close pictures ${run}`);
        return succeed({ ...plainPictures, runNumber: run, widthPx, heightPx, ended, close });
      },
      loadPublish: async (via) => (["peer", "hls"].includes(via) ? publish : null),
      forgetRoom: async () => void log.push("forget room"),
      newRunNumber: () => ++runNumber,
      nowUs: (): SenderUs => toSenderUs(1_000_000),
      every: (_intervalMs, call) => {
        ticks.add(call);
        return () => ticks.delete(call);
      },
      linkFor: (viewed) => toReceiverLink("https://gauge.test", viewed),
    },
  };
}
