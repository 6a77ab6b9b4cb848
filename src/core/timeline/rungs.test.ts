import { expect, it } from "vitest";

import { createRungLog } from "./rungs.ts";

const high = { key: "high", widthPx: 1280, heightPx: 720, bitrateKbps: 2500 };
const low = { key: "low", widthPx: 640, heightPx: 360, bitrateKbps: 800 };

it("the time of a stall belongs to no rung, and that of a switch to the one before it", () => {
  const log = createRungLog();
  log.see("low", 1000);
  log.see("low", 2000);
  log.see("high", 3000);
  log.see(null, 5000);
  log.see("high", 9000);
  log.see("high", 13_000);
  const readings = log.read([high, low]);
  expect(readings.map(({ playedMs }) => playedMs)).toEqual([6000, 2000]);
  expect(readings.map(({ playedRatio }) => playedRatio)).toMatchObject([{ value: 0.75 }, { value: 0.25 }]);
});

it("what a rung weighs is told by its media, and is not known before any came", () => {
  const log = createRungLog();
  log.receive("high", 250_000, 1);
  log.receive("high", 50_000, 0.2);
  // Parts of which the playlist tells no duration weigh nothing that could be told.
  log.receive("low", 1000, Number.NaN);
  const [one, other] = log.read([high, low]);
  expect(one).toMatchObject({ widthPx: 1280, bitrateKbps: 2500, mediaKbps: { value: 2000 } });
  expect(other?.mediaKbps.known).toBe(false);
  expect(other?.playedRatio.known).toBe(false);
});
