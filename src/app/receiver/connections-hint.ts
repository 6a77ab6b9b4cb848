import type { StreamReport } from "../../core/wire/automation.ts";

/** Low-latency players of one server that a browser's connections to it feed (`src/media/publish/hls/README.md`). */
export const fedPlayerCount = 3;

/**
 * What is to be known of low-latency HLS streams that come from one server by plain http: browsers open six connections to it,
 * for all of a profile, and each player holds one nearly all the time. Null where there are no more than are fed. Over https
 * they may share one by HTTP/2, which the page cannot see beforehand.
 */
export function toConnectionsHint(reports: readonly StreamReport[]): string | null {
  const counts = new Map<string, number>();
  for (const { delivery, snapshot } of reports) {
    const [url = ""] = snapshot.setup.urls;
    if (delivery?.isLowLatency !== true || !URL.canParse(url)) continue;
    const { protocol, host } = new URL(url);
    if (protocol === "http:") counts.set(host, (counts.get(host) ?? 0) + 1);
  }
  for (const [host, count] of counts) {
    if (count > fedPlayerCount)
      return `${count} low-latency streams come from ${host} by plain http, where a browser has six connections for all of them: they hold each other up, and are measured later than a viewer of one of them sees them. Take them by https, or no more than ${fedPlayerCount} at once.`;
  }
  return null;
}
