import { expect } from "@playwright/test";

import {
  known,
  measuresOf,
  openReceiver,
  openSender,
  untilClockKnown,
  untilDisplayed,
} from "./conditions.ts";
import { startServer, test } from "./server.ts";
import { startTurn } from "./turn.ts";

test("a stream is measured through a TURN relay alone", async ({ openDevice }) => {
  const turn = await startTurn();
  const server = await startServer(["--ice", turn.ice]);
  try {
    const contextOf = () => openDevice({ baseURL: server.url });
    const sender = await openSender(await contextOf(), "&size=640x360&relay=1");
    const receiver = await openReceiver(await contextOf(), sender.join, "&relay=1");
    await untilDisplayed(receiver, 150);
    await untilClockKnown(receiver, 5);
    const measures = await measuresOf(receiver);
    expect(known(measures.reading.readRatio, "read ratio")).toBeGreaterThanOrEqual(0.99);
    expect(measures.clock.road).toBe("peer");
  } finally {
    await server.stop();
    await turn.stop();
  }
});
