import type { Failure } from "../../core/failure.ts";
import type { ReceiverSetup } from "../../core/wire/receiver-setup.ts";
import { maxStreamCount, type PastedSource, type SourceKind } from "../../core/wire/source.ts";
import type { LineupEntry } from "./lineup-entry.ts";

/** The streams that stay when others are added: those that are measured, and failed ones unless what comes is in their place. */
export function keptBeside(
  entries: readonly LineupEntry[],
  sources: readonly PastedSource[],
): readonly LineupEntry[] {
  const bringsRoom = sources.some(({ kind }) => kind === "join");
  return entries.filter(({ receiver }) => {
    const { phase, setup } = receiver.store.getState();
    if (phase === "idle" || (setup.join === "" && setup.urls.length === 0)) return false;
    return phase !== "failed" || (entries.length > 1 && (setup.join === "" || !bringsRoom));
  });
}

/** Why sources cannot be measured beside what there is; null when they can. */
export function refuseSources(
  before: readonly LineupEntry[],
  sources: readonly PastedSource[],
): Failure | null {
  const what = "adding a stream";
  if (before.length + sources.length > maxStreamCount)
    return {
      kind: "refused-input",
      what,
      where: `${before.length} are measured, ${sources.length} more were given`,
      next: `At most ${maxStreamCount} are measured side by side: remove one first.`,
    };
  const roomCount = before.filter(isRoom).length;
  if (roomCount + sources.filter(({ kind }) => kind === "join").length > 1)
    return {
      kind: "refused-input",
      what,
      where: "a second join code",
      next: "One sender is joined at a time: leave it first, or open another receiver page.",
    };
  return null;
}

/** The setup of one source, with what all streams share. */
export function toSetup(shared: ReceiverSetup, source: PastedSource, kind: SourceKind): ReceiverSetup {
  const plain = { ...shared, join: "", urls: [], kinds: [], control: 1 };
  return source.kind === "join"
    ? { ...plain, join: source.join }
    : { ...plain, urls: [source.url], kinds: [kind] };
}

/** The order in which links name streams: the joined one first. */
export function roomsFirst(one: LineupEntry, other: LineupEntry): number {
  return Number(isRoom(other)) - Number(isRoom(one));
}

function isRoom({ receiver }: LineupEntry): boolean {
  return receiver.store.getState().setup.join !== "";
}
