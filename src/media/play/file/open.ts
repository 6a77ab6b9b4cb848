import { succeed } from "../../../core/failure.ts";
import { addressOf } from "../claim.ts";
import type { Open } from "../way.ts";
import { playAddress } from "./play-address.ts";

/** Plays a progressive file. */
export const playFile: Open = async (target, options, signal) => {
  signal.throwIfAborted();
  const url = addressOf(target, ["http:", "https:", "blob:"]);
  return url.ok ? succeed(playAddress(url.value, options, "the browser")) : url;
};
