import { fail, succeed, type Result } from "../../core/failure.ts";
import { showSource, type SourceKind } from "../../core/wire/source.ts";
import type { PlayTarget } from "./way.ts";

/**
 * How strongly a way claims an address: 2 when it is forced to this way or its path ends so, 0 else.
 * @param ending of the path, as `/\.m3u8$/i`; null for ways that only force or their scheme choose
 */
export function claimOf(
  target: PlayTarget,
  kind: SourceKind,
  ending: RegExp | null,
  schemes: readonly string[] = ["http:", "https:"],
): 0 | 2 {
  if (target.kind !== "url" || !schemes.includes(target.url.protocol)) return 0;
  const forced = target.by ?? "auto";
  if (forced !== "auto") return forced === kind ? 2 : 0;
  return ending === null || ending.test(target.url.pathname) ? 2 : 0;
}

/** The address of a target, when its scheme is one that a way can play; else the refusal. */
export function addressOf(target: PlayTarget, schemes: readonly string[]): Result<URL> {
  if (target.kind === "url" && schemes.includes(target.url.protocol)) return succeed(target.url);
  return fail({
    kind: "refused-input",
    what: "playing this address",
    where: target.kind === "url" ? showSource(target.url.href) : "a join code",
    next: `This way plays addresses that begin with ${schemes.join(" or ")}.`,
  });
}
