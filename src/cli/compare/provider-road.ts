import { networkInterfaces } from "node:os";

import type { Provider } from "../../core/plan/plan.ts";
import { fillSecrets, type Environment } from "../../core/plan/secrets.ts";
import type { Road } from "../drive/browser-network.ts";

const roadsByKind: Readonly<Record<string, Road>> = {
  whep: "webrtc",
  hls: "http",
  dash: "http",
  file: "http",
  screen: "capture",
  camera: "capture",
};

function textsOf(query: Provider["play"] | null, key: string): readonly string[] {
  return (query ?? []).flatMap(([own, text]) => (own === key && text !== "" ? [text] : []));
}

function roadOfAddress(address: string): Road {
  if (/^(?:screen|camera):/i.test(address)) return "capture";
  if (/(?:^|[/_.-])whep(?:$|[/_.?-])/i.test(address)) return "webrtc";
  return /\.(?:m3u8|mpd|mp4|m4v|mov|webm)(?:$|[?#])/i.test(address) ? "http" : "unknown";
}

/** How a provider's stream reaches the receiver, as far as the plan tells before it is played. */
export function roadOf({ publish, play }: Provider): Road {
  const via = publish === null ? null : (textsOf(publish, "via").at(-1) ?? "peer");
  if (via === "peer") return "webrtc";
  const kind = textsOf(play, "kind").at(-1) ?? "auto";
  const byKind = Object.hasOwn(roadsByKind, kind) ? roadsByKind[kind] : undefined;
  if (byKind !== undefined) return byKind;
  const address = textsOf(play, "url")[0] ?? textsOf(publish, "play")[0];
  if (address !== undefined) return roadOfAddress(address);
  return via === "hls" ? "http" : "unknown";
}

/** Addresses of this machine that a network namespace of it reaches: its loopback is another. */
export function ownAddresses(): ReadonlySet<string> {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return new Set(all.flatMap(({ address, internal }) => (internal ? [] : [address])));
}

function isAt(text: string, environment: Environment, addresses: ReadonlySet<string>): boolean {
  const filled = fillSecrets(text, environment);
  const address = filled.ok ? filled.text : "";
  return URL.canParse(address) && addresses.has(new URL(address).hostname.replaceAll(/^\[|\]$/g, ""));
}

/**
 * Whether a receiver in a network namespace of this machine reaches a provider's stream: what the command publishes to its own
 * server or to a peer, or addresses of this machine; a namespace has no way to the world outside.
 */
export function isOfThisMachine(
  { publish, play }: Provider,
  environment: Environment,
  addresses: ReadonlySet<string>,
): boolean {
  const named = [...textsOf(play, "url"), ...["put", "play", "whip"].flatMap((key) => textsOf(publish, key))];
  return named.every((text) => isAt(text, environment, addresses));
}
