import { fail, succeed, type Result } from "../../core/failure.ts";
import {
  hlsFilePattern,
  hlsPathPrefix,
  hlsRenditionPattern,
  hlsStreamIdPattern,
} from "../../core/wire/upload.ts";

/** What a request's path names. */
export type Address = {
  readonly streamId: string;
  /** `file` or `rendition/file` within the stream; null names the stream as a whole (`/hls/<stream>/`). */
  readonly key: string | null;
};

/**
 * Reads a path under `/hls/`. It is matched as it was sent: a path with an escape, a backslash, a dot segment or an
 * empty one names nothing here, so nothing is decoded and no two paths name one file.
 */
export function readAddress(path: string): Result<Address> {
  const [streamId = "", ...names] = path.slice(hlsPathPrefix.length).split("/");
  const isWhole = names.length === 0 || (names.length === 1 && names[0] === "");
  const file = names.at(-1) ?? "";
  const folders = names.slice(0, -1);
  const isGood =
    hlsStreamIdPattern.test(streamId) &&
    (isWhole || (hlsFilePattern.test(file) && folders.length <= 1 && folders.every(isRendition)));
  if (isGood) return succeed({ streamId, key: isWhole ? null : names.join("/") });
  return fail({
    kind: "refused-input",
    what: "find a file of a stream by its path",
    where: toShown(path),
    next:
      "Use /hls/<stream>/<file> or /hls/<stream>/<rendition>/<file>, with names of letters, digits, - and _ " +
      "ending in .m3u8, .mp4, .m4s or .ts.",
  });
}

/** Where an address that a playlist of a stream gives is, as a key of the same stream; null when it is elsewhere. */
export function keyOfReference(playlistKey: string, uri: string): string | null {
  const [path = ""] = uri.split(/[?#]/, 1);
  const slash = playlistKey.lastIndexOf("/");
  const key = `${playlistKey.slice(0, slash + 1)}${path.replace(/^\.\//, "")}`;
  const names = key.split("/");
  const isGood =
    names.length <= 2 && hlsFilePattern.test(names.at(-1) ?? "") && names.slice(0, -1).every(isRendition);
  return isGood ? key : null;
}

function isRendition(name: string): boolean {
  return hlsRenditionPattern.test(name);
}

/** A path in a message: printable and short. */
export function toShown(path: string): string {
  return path.replaceAll(/[^\u0020-\u007E]/gu, "?").slice(0, 200);
}
