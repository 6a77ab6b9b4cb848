import { expect, it } from "vitest";

import { toSenderUs } from "../../core/clock/instants.ts";
import { senderDefaults } from "../../core/wire/setup.ts";
import { publishWays } from "../../media/publish/ways.ts";
import { figureWords } from "../parts/format.ts";
import { toReport } from "./report.ts";
import {
  fromSizeChoice,
  isLoopback,
  toReportRows,
  toSenderPill,
  toSizeChoices,
  toWayChange,
  toWayFields,
} from "./view.ts";

const pace = { madeCount: 90, lateCount: 2, skippedCount: 1, madeFps: 29.97 };

it("shows what the encoder does not tell as missing, with the reason", () => {
  const rows = toReportRows(toReport(toSenderUs(0), { runNumber: 7 }, pace, {}));
  const words = Object.fromEntries(rows.map((row) => [row.label, figureWords(row.figure)]));
  expect(words["made"]).toBe("30.0 fps");
  expect(words["late"]).toBe("2 of 90");
  expect(words["bitrate"]).toMatch(/^not known: /);
  expect(words["picture"]).toMatch(/^not known: /);
});

it("calls attention to skipped frames and to a limited encoder", () => {
  const rows = toReportRows(toReport(toSenderUs(0), { runNumber: 7 }, pace, { limitation: "cpu" }));
  expect(rows.filter((row) => row.tone === "warn").map((row) => row.label)).toEqual([
    "skipped",
    "limited by",
  ]);
});

it("tells of each rung of a ladder what is encoded of it", () => {
  const rungs = [{ widthPx: 1280, heightPx: 720, encodedFps: 29.97, bitrateKbps: 2480 }];
  const rows = toReportRows(toReport(toSenderUs(0), { runNumber: 7 }, pace, { rungs }));
  const rung = rows.find(({ label }) => label === "1280×720");
  expect(rung?.figure).toMatchObject({ value: "30.0 fps, 2480 kbit/s" });
});

it("offers a size that only the address asks for", () => {
  const setup = { ...senderDefaults, widthPx: 1000, heightPx: 500 };
  const last = toSizeChoices(setup).at(-1);
  expect(fromSizeChoice(last?.value ?? "")).toEqual({ widthPx: 1000, heightPx: 500 });
});

it.each([
  ["localhost", true],
  ["127.0.0.1", true],
  ["[::1]", true],
  ["192.168.1.20", false],
  ["gauge.local", false],
])("knows whether others can open a link to %s", (hostname, loopback) => {
  expect(isLoopback(hostname)).toBe(loopback);
});

it("finds a key of the setup for every setting of every way", () => {
  const always = publishWays.map(({ fields }) => ({
    fields: fields.map(({ key, label, control }) => ({ key, label, control })),
  }));
  const shown = always.flatMap((way) => toWayFields(way, senderDefaults));
  expect(shown).toHaveLength(always.flatMap(({ fields }) => fields).length);
});

it("changes to a codec that the chosen way carries", () => {
  const hls = publishWays.find(({ id }) => id === "hls");
  if (hls === undefined) throw new Error("there is no way called hls");
  expect(toWayChange(hls, { ...senderDefaults, codec: "vp8" })).toEqual({ via: "hls", codec: "h264" });
  expect(toWayChange(hls, { ...senderDefaults, codec: "av1" })).toEqual({ via: "hls" });
});

it("says how a stream without a room stands", () => {
  const why = "The server took too long to take a file";
  const outlet = { state: "stuck", why, playUrl: null } as const;
  const sending = { phase: "sending", setup: senderDefaults, join: null, link: "", peers: [], report: null };
  expect(toSenderPill({ ...sending, phase: "sending", outlet })).toEqual({
    tone: "bad",
    state: "Stuck",
    why,
  });
});
