import { expect, type BrowserContext, type Page } from "@playwright/test";

import {
  easy,
  known,
  measuresOf,
  openReceiver,
  openSender,
  untilClockKnown,
  untilDisplayed,
} from "./conditions.ts";
import { startServer, test } from "./server.ts";
import { startTurn } from "./turn.ts";

type Kept = { readonly connections?: readonly RTCPeerConnection[] };

/** Pages of this context keep their WebRTC connections, to be looked at by `pathOf`. */
async function keepConnections(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const connections: RTCPeerConnection[] = [];
    const kept = new Proxy(RTCPeerConnection, {
      construct: (target, [configuration]: RTCConfiguration[]) => {
        const connection = new target(configuration);
        connections.push(connection);
        return connection;
      },
    });
    Object.assign(globalThis, { connections, RTCPeerConnection: kept });
  });
}

/** Kinds of the two candidates (W3C webrtc-stats `candidateType`) that the page's newest connection has chosen. */
async function pathOf(page: Page): Promise<{ readonly local: unknown; readonly remote: unknown }> {
  return page.evaluate(async () => {
    const stats = await (globalThis as Kept).connections?.at(-1)?.getStats();
    const entries: readonly Record<string, unknown>[] = [...(stats?.values() ?? [])];
    const byId = (id: unknown) => entries.find((entry) => entry["id"] === id);
    const transport = entries.find(({ type }) => type === "transport");
    const pair = byId(transport?.["selectedCandidatePairId"]);
    return {
      local: byId(pair?.["localCandidateId"])?.["candidateType"],
      remote: byId(pair?.["remoteCandidateId"])?.["candidateType"],
    };
  });
}

test("a stream is measured through a TURN relay alone @beside", async ({ openDevice }) => {
  const turn = await startTurn();
  const server = await startServer(["--ice", turn.ice]);
  try {
    const contextOf = () => openDevice({ baseURL: server.url });
    const [sending, receiving] = [await contextOf(), await contextOf()];
    await keepConnections(sending);
    await keepConnections(receiving);
    const sender = await openSender(sending, `${easy}&relay=1`);
    const receiver = await openReceiver(receiving, sender.join, "&relay=1");
    await untilDisplayed(receiver, 60);
    await untilClockKnown(receiver, 5);
    const measures = await measuresOf(receiver);
    expect(known(measures.reading.readRatio, "read ratio")).toBeGreaterThanOrEqual(0.95);
    expect(measures.clock.road).toBe("peer");
    expect(await pathOf(sender.page)).toEqual({ local: "relay", remote: "relay" });
    expect(await pathOf(receiver)).toEqual({ local: "relay", remote: "relay" });
  } finally {
    await server.stop();
    await turn.stop();
  }
});
