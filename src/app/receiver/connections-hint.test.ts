import { expect, it } from "vitest";

import type { StreamReport } from "../../core/wire/automation.ts";
import { receiverDefaults } from "../../core/wire/receiver-setup.ts";
import { toConnectionsHint } from "./connections-hint.ts";

function report(url: string, isLowLatency: boolean | null): StreamReport {
  const snapshot = { phase: "idle", setup: { ...receiverDefaults, urls: [url] } };
  return { snapshot, delivery: isLowLatency === null ? null : { isLowLatency } } as unknown as StreamReport;
}

const many = (count: number, url: string, isLowLatency: boolean | null = true) =>
  Array.from({ length: count }, (_, index) => report(`${url}/${index}.m3u8`, isLowLatency));

it.each([
  ["four low-latency streams of one server by plain http", many(4, "http://a.example:8080"), true],
  ["three", many(3, "http://a.example:8080"), false],
  ["six by https, which may share one connection", many(6, "https://a.example"), false],
  ["six that are not of low latency", many(6, "http://a.example", false), false],
  ["six whose playlists are not read yet", many(6, "http://a.example", null), false],
  ["six of two servers", [...many(3, "http://a.example"), ...many(3, "http://b.example")], false],
])("a hint that connections are few is given for %s: %#", (_what, reports, isGiven) => {
  expect(toConnectionsHint(reports) !== null).toBe(isGiven);
});
