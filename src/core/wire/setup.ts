import * as v from "valibot";

import type { Result } from "../failure.ts";
import { hlsDefaults, hlsKeys, withoutHlsSecrets, type HlsSetup } from "./hls-setup.ts";
import { outletDefaults, outletKeys, withoutOutletSecrets, type OutletSetup } from "./outlet-setup.ts";
import { flagField, wholeField } from "./query-parts.ts";
import { readQuery, writeQuery, type QueryField } from "./query.ts";

/** Where a sender's pictures come from. */
export type SceneKind = "builtin" | "file" | "camera" | "screen" | "marker";
/** Video codecs a sender can ask for. */
export type CodecName = "h264" | "vp8" | "vp9" | "av1";

/** Everything that configures a sender; the same keys stand in its URL (`/sender?scene=builtin&size=1280x720...`). */
export type SenderSetup = HlsSetup &
  OutletSetup & {
    /** `builtin`: the deterministic scene; `marker`: the marker alone, full screen, for a camera to film. */
    readonly scene: SceneKind;
    /** Seed of the built-in scene, integer, 0 to 999999999: the same seed gives the same pictures. */
    readonly seed: number;
    /** Even, 128 to 3840. */
    readonly widthPx: number;
    /** Even, 128 to 2160. */
    readonly heightPx: number;
    /** Integer, 1 to 60. */
    readonly fps: number;
    readonly codec: CodecName;
    /** Asked of the encoder, kbit/s, 50 to 100000. */
    readonly bitrateKbps: number;
    /** Which way out: the name of a folder in media/publish. */
    readonly via: string;
    /** Send the same frames directly as well, as the control that another way is compared with; says nothing where the way is direct. */
    readonly control: boolean;
    /** Use relayed (TURN) connections only. */
    readonly relay: boolean;
    /** Hold every finished picture back by this long before it is handed over, ms: a known latency to check the instrument by. */
    readonly holdMs: number;
    /** Begin without a click. */
    readonly start: boolean;
  };

/** What a sender does when its URL says nothing. */
export const senderDefaults: SenderSetup = {
  scene: "builtin",
  seed: 1,
  widthPx: 1280,
  heightPx: 720,
  fps: 30,
  codec: "h264",
  bitrateKbps: 2500,
  via: "peer",
  control: false,
  ...hlsDefaults,
  ...outletDefaults,
  relay: false,
  holdMs: 0,
  start: false,
};

const size = v.pipe(
  v.string(),
  v.regex(/^\d{3,4}x\d{3,4}$/),
  v.transform((text) => {
    const [widthPx = 0, heightPx = 0] = text.split("x").map(Number);
    return { widthPx, heightPx };
  }),
  v.check(
    ({ widthPx, heightPx }) => widthPx >= 128 && widthPx <= 3840 && widthPx % 2 === 0 && heightPx >= 128,
  ),
  v.check(({ heightPx }) => heightPx <= 2160 && heightPx % 2 === 0),
);

/** The sender's query keys, in the order they are written; documentation lists them from here. */
export const senderKeys: readonly QueryField<SenderSetup>[] = [
  {
    key: "scene",
    help: "builtin, file, camera, screen or marker",
    schema: v.pipe(
      v.picklist(["builtin", "file", "camera", "screen", "marker"]),
      v.transform((scene) => ({ scene })),
    ),
    show: (setup) => setup.scene,
  },
  wholeField("seed", "seed", [0, 999_999_999], "seed of the built-in scene, 0 to 999999999"),
  {
    key: "size",
    help: "picture size as WIDTHxHEIGHT in pixels, both even, 128x128 to 3840x2160",
    schema: size,
    show: (setup) => `${setup.widthPx}x${setup.heightPx}`,
  },
  wholeField("fps", "fps", [1, 60], "frames per second, 1 to 60"),
  {
    key: "codec",
    help: "h264, vp8, vp9 or av1",
    schema: v.pipe(
      v.picklist(["h264", "vp8", "vp9", "av1"]),
      v.transform((codec) => ({ codec })),
    ),
    show: (setup) => setup.codec,
  },
  wholeField("kbps", "bitrateKbps", [50, 100_000], "video bitrate asked of the encoder, 50 to 100000 kbit/s"),
  {
    key: "via",
    help: "way out: peer (direct WebRTC), hls, whip or relay (RTMP or SRT)",
    schema: v.pipe(
      v.string(),
      v.regex(/^[a-z]{2,12}$/),
      v.transform((via) => ({ via })),
    ),
    show: (setup) => setup.via,
  },
  flagField(
    "control",
    "control",
    "1 also sends the same frames directly, as the control that the way out is compared with frame by frame",
  ),
  ...hlsKeys,
  ...outletKeys,
  flagField("relay", "relay", "1 uses relayed (TURN) connections only"),
  wholeField(
    "hold",
    "holdMs",
    [0, 5000],
    "holds every picture back by this many ms after its capture time, 0 to 5000: a known latency to check the instrument by",
  ),
  flagField("start", "start", "1 begins without a click"),
];

/** Reads a sender's query text (with or without the `?`); refuses an unknown, repeated or bad key by its name. */
export function readSenderSetup(query: string): Result<SenderSetup> {
  return readQuery(senderKeys, senderDefaults, query);
}

/** Query text that reproduces a setup: every key that differs from what stands by default. */
export function writeSenderSetup(setup: SenderSetup): string {
  return writeQuery(senderKeys, senderDefaults, setup);
}

/** Query text for a link that may be seen: what may be secret is left out. */
export function writeSenderLink(setup: SenderSetup): string {
  return writeSenderSetup(withoutOutletSecrets(withoutHlsSecrets(setup)));
}

/** A setup with some fields given by a script, checked like a URL is. */
export function completeSenderSetup(base: SenderSetup, given: Partial<SenderSetup>): Result<SenderSetup> {
  return readSenderSetup(writeSenderSetup({ ...base, ...given }));
}
