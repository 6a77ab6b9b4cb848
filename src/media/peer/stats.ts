import type { StatsEntry } from "./peer.ts";

/** A number of a stats entry; undefined where the browser does not tell it. */
export function numberOf(entry: StatsEntry | undefined, key: string): number | undefined {
  const value = entry?.[key];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A text of a stats entry; undefined where the browser does not tell it or tells nothing. */
export function textOf(entry: StatsEntry | undefined, key: string): string | undefined {
  const value = entry?.[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The video stream of a direction (W3C webrtc-stats, `RTCRtpStreamStats`). */
export function videoEntry(
  entries: readonly StatsEntry[],
  type: "inbound-rtp" | "outbound-rtp" | "remote-inbound-rtp",
): StatsEntry | undefined {
  return entries.find((entry) => entry["type"] === type && entry["kind"] === "video");
}

/** The codec of a stream as negotiated, e.g. "H264". */
export function codecOf(entries: readonly StatsEntry[], stream: StatsEntry | undefined): string | undefined {
  const id = textOf(stream, "codecId");
  const codec = entries.find((entry) => entry["type"] === "codec" && entry["id"] === id);
  return id === undefined ? undefined : textOf(codec, "mimeType")?.replace(/^video\//i, "");
}

/** Round trip of the pair of addresses in use, ms, as its last check found it. */
export function pairRoundTripMs(entries: readonly StatsEntry[]): number | undefined {
  const transport = entries.find((entry) => entry["type"] === "transport");
  const selectedId = textOf(transport, "selectedCandidatePairId");
  const pair = entries.find(
    (entry) =>
      entry["type"] === "candidate-pair" &&
      // Firefox has no transport entry and marks the pair itself.
      (selectedId === undefined ? entry["selected"] === true : entry["id"] === selectedId),
  );
  const roundTripS = numberOf(pair, "currentRoundTripTime");
  return roundTripS === undefined ? undefined : roundTripS * 1000;
}

/** The fields that have a value: an absent figure is absent, never undefined. */
export function given<Fields extends Readonly<Record<string, unknown>>>(
  fields: Fields,
): { readonly [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    readonly [Key in keyof Fields]?: Exclude<Fields[Key], undefined>;
  };
}
