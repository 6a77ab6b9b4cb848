import { once } from "node:events";

import { WebSocket } from "ws";

import { quantileOf, sorted } from "../src/core/statistics/quantile.ts";
import { systemClock } from "../src/server/clock.ts";
import { startTestServer } from "../src/server/serve.fake.ts";
import { defaultSignalLimits } from "../src/server/signalling.ts";
import type { Bench } from "./bench-type.ts";

/** Round trip of a clock exchange over the real server, one at a time, on loopback. */
export const bench: Bench = {
  name: "signalling",
  about: "clock exchanges with the server over loopback, one at a time",
  run: async ({ quick }) => {
    const exchangeCount = quick ? 300 : 3000;
    const limits = { messages: { burst: exchangeCount * 2, perS: 1000 } };
    const server = await startTestServer({
      clock: systemClock,
      limits: { ...defaultSignalLimits, ...limits },
    });
    const socket = new WebSocket(`${server.origin.replace("http", "ws")}/ws/signal`);
    await once(socket, "open");
    const roundTripsMs: number[] = [];
    for (let done = 0; done < exchangeCount; done += 1) {
      const sentMs = performance.now();
      socket.send(JSON.stringify({ type: "clock", t1Us: done }));
      await once(socket, "message");
      roundTripsMs.push(performance.now() - sentMs);
    }
    socket.terminate();
    await server.close();
    const ascendingMs = sorted(roundTripsMs);
    return {
      exchangeCount,
      roundTripP50Ms: quantileOf(ascendingMs, 0.5),
      roundTripP95Ms: quantileOf(ascendingMs, 0.95),
      roundTripBestMs: ascendingMs[0] ?? null,
    };
  },
};
