import { readJoinCode } from "../../core/wire/signalling.ts";

/**
 * The join code in a scanned or pasted text: the `join` key of a link to a receiver, whatever its host, or the bare code.
 * Null when there is none.
 */
export function joinInText(text: string): string | null {
  const link = /^https?:\/\/[^/?#]+\/receiver\/?\?(?:[^#]*&)?join=(?<join>[^&#]{1,32})/.exec(text.trim());
  return readJoinCode(link?.groups?.["join"] ?? text);
}
