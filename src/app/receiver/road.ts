import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { ReceiverSetup } from "../../core/wire/receiver-setup.ts";
import { readSource, showSource } from "../../core/wire/source.ts";
import type { PlayTarget, PlayWay } from "../../media/play/way.ts";
import type { SessionAdapters } from "./session.ts";

/** What is played and how. */
export type Road = { readonly target: PlayTarget; readonly way: PlayWay };

/** Finds the way for a setup's one stream: forced, by the address's ending, or by its first bytes. Abort rejects with `signal.reason`. */
export async function findRoad(
  { wayFor, sniff }: Pick<SessionAdapters, "wayFor" | "sniff">,
  setup: ReceiverSetup,
  signal: AbortSignal,
): Promise<Result<Road>> {
  const target = toTarget(setup);
  if (!target.ok) return target;
  const way = wayFor(target.value);
  if (way !== null) return succeed({ target: target.value, way });
  if (target.value.kind === "join") return fail(noWay("a join code"));
  const { url } = target.value;
  if (!/^https?:$/.test(url.protocol)) return fail(noWay(showSource(url.href)));
  const by = await sniff(url, signal);
  if (!by.ok) return by;
  const found: PlayTarget = { kind: "url", url, by: by.value };
  const sniffed = wayFor(found);
  return sniffed === null ? fail(noWay(showSource(url.href))) : succeed({ target: found, way: sniffed });
}

function toTarget({ join, urls, kinds }: ReceiverSetup): Result<PlayTarget> {
  const [address] = urls;
  if (address === undefined) return succeed({ kind: "join", join });
  const read = readSource(address);
  if (!read.ok) return read;
  try {
    return succeed({ kind: "url", url: new URL(read.value), by: kinds[0] ?? "auto" });
  } catch (error) {
    return fail({ ...noWay(address.slice(0, 200)), kind: "refused-input", cause: reason(error) });
  }
}

function noWay(where: string): Failure {
  return {
    kind: "unsupported",
    what: "playing the stream",
    where,
    next: "Paste the address of an HLS, DASH, WHEP, MP4 or WebM stream, or the code that a sender shows.",
  };
}
