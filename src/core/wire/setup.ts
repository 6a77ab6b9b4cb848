import * as v from "valibot";

/** Where a sender's pictures come from. */
export type SceneKind = "builtin" | "file" | "camera" | "screen" | "marker";
/** Video codecs a sender can ask for. */
export type CodecName = "h264" | "vp8" | "vp9" | "av1";

/** Everything that configures a sender; the same keys stand in its URL (`/sender?scene=builtin&size=1280x720...`). */
export type SenderSetup = {
  /** `builtin`: the deterministic scene; `marker`: the marker alone, full screen, for a camera to film. */
  readonly scene: SceneKind;
  readonly seed: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
  readonly codec: CodecName;
  readonly bitrateKbps: number;
  /** Which way out: the name of a folder in media/publish. */
  readonly via: string;
  /** Begin without a click. */
  readonly start: boolean;
};

/** Everything that configures a receiver (`/receiver?join=CODE&start=1`). */
export type ReceiverSetup = {
  /** Join code of a room; empty when a URL is played instead. */
  readonly join: string;
  /** Target of the jitter buffer asked of the browser, ms; null leaves it to the browser. */
  readonly bufferMs: number | null;
  /** Chart window, minutes. */
  readonly windowMin: 1 | 5 | 30;
  readonly start: boolean;
};

const bounded = (low: number, high: number) =>
  v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number), v.minValue(low), v.maxValue(high));

const size = v.pipe(
  v.string(),
  v.regex(/^\d{2,4}x\d{2,4}$/),
  v.transform((text) => text.split("x").map(Number) as [number, number]),
  v.check(([width, height]) => width >= 128 && width <= 3840 && height >= 128 && height <= 2160),
  v.check(([width, height]) => width % 2 === 0 && height % 2 === 0),
);

const flag = v.pipe(
  v.picklist(["0", "1"]),
  v.transform((text) => text === "1"),
);

/** One query key of a page: what it is checked with, what stands when it is not given, and a line for the documentation. */
export type QueryKey = {
  readonly schema: v.GenericSchema<string, unknown>;
  readonly help: string;
};

/** The sender's query keys; README lists them from here. */
export const senderKeys = {
  scene: {
    schema: v.picklist(["builtin", "file", "camera", "screen", "marker"]),
    help: "builtin, file, camera, screen or marker",
  },
  seed: { schema: bounded(0, 999_999_999), help: "seed of the built-in scene, 0 to 999999999" },
  size: { schema: size, help: "picture size, e.g. 1280x720; even, 128x128 to 3840x2160" },
  fps: { schema: bounded(1, 60), help: "frames per second, 1 to 60" },
  codec: { schema: v.picklist(["h264", "vp8", "vp9", "av1"]), help: "h264, vp8, vp9 or av1" },
  kbps: { schema: bounded(50, 100_000), help: "video bitrate asked of the encoder, 50 to 100000 kbit/s" },
  via: { schema: v.pipe(v.string(), v.regex(/^[a-z]{2,12}$/)), help: "way out: peer" },
  start: { schema: flag, help: "1 begins without a click" },
} satisfies Record<string, QueryKey>;

/** The receiver's query keys; README lists them from here. */
export const receiverKeys = {
  join: { schema: v.pipe(v.string(), v.maxLength(32)), help: "join code shown by the sender" },
  buffer: { schema: bounded(0, 4000), help: "jitter buffer asked of the browser, 0 to 4000 ms" },
  window: { schema: v.picklist(["1", "5", "30"]), help: "minutes shown in the charts: 1, 5 or 30" },
  start: { schema: flag, help: "1 begins without a click" },
} satisfies Record<string, QueryKey>;
