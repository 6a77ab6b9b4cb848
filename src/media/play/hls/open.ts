import HlsJs from "hls.js";

import { fail, succeed } from "../../../core/failure.ts";
import { showSource } from "../../../core/wire/source.ts";
import { addressOf } from "../claim.ts";
import { playAddress } from "../file/play-address.ts";
import type { Open } from "../way.ts";
import { playByHlsJs } from "./player.ts";

/** Plays an HLS stream by hls.js; by the browser itself where it has no Media Source Extensions but plays HLS (iPhones). */
export const playHls: Open = async (target, options, signal) => {
  signal.throwIfAborted();
  const url = addressOf(target, ["http:", "https:"]);
  if (!url.ok) return url;
  // oxlint-disable-next-line import/no-named-as-default-member -- hls.js types no such named export
  if (HlsJs.isSupported()) return succeed(playByHlsJs(url.value, options));
  if (options.video.canPlayType("application/vnd.apple.mpegurl") !== "")
    return succeed(playAddress(url.value, options, "the browser's own HLS player"));
  return fail({
    kind: "unsupported",
    what: "playing HLS",
    where: showSource(url.value.href),
    next: "This browser has no Media Source Extensions and plays no HLS by itself: use a current one.",
  });
};
