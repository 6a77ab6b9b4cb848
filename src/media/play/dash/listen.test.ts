import { describe, expect, it } from "vitest";

import { createRungLog } from "../../../core/timeline/rungs.ts";
import { createRequests } from "../hls/requests.ts";
import { createTroubles } from "../troubles.ts";
import type { RoadEvent } from "../way.ts";
import { judgeDash } from "./errors.ts";
import { listenToDash, type DashPlay } from "./listen.ts";

type Interceptor = Parameters<DashPlay["player"]["addResponseInterceptor"]>[0];

/** A player that says what a script makes it say. */
function createSubject() {
  const listeners = new Map<string, (event: object) => void>();
  const interceptors: Interceptor[] = [];
  const player = {
    on: (name: string, listener: (event: object) => void) => void listeners.set(name, listener),
    addResponseInterceptor: (interceptor: Interceptor) => void interceptors.push(interceptor),
  } as unknown as DashPlay["player"];
  const events: RoadEvent[] = [];
  const states: string[] = [];
  const tries: string[] = [];
  const playing: DashPlay = {
    url: new URL("https://a.example/x.mpd"),
    options: {
      listener: {
        onState: ({ state }: { state: string }) => void states.push(state),
        onEvent: () => undefined,
      },
    } as unknown as DashPlay["options"],
    player,
    troubles: createTroubles((event) => events.push(event)),
    requests: createRequests(),
    rungs: createRungLog(),
    recovery: {
      schedule: (how) => tries.push(how),
      succeeded: () => undefined,
      reloads: () => 0,
      close: () => undefined,
    },
    askedMs: performance.now(),
    end: () => undefined,
    hasPlayed: false,
    rungSwitchCount: 0,
    rungId: null,
  };
  listenToDash(playing);
  const say = (name: string, event: object = {}): void => listeners.get(name)?.(event);
  const load = async (headers: Record<string, string>): Promise<void> => {
    const request = { startDate: new Date(0), firstByteDate: new Date(20), endDate: new Date(50) };
    const response = { request: { url: "", customData: { request } }, headers };
    for (const interceptor of interceptors)
      await interceptor(response as unknown as Parameters<Interceptor>[0]);
    say("fragmentLoadingCompleted", { request, response: new ArrayBuffer(1000) });
  };
  return { playing, say, load, events, states, tries };
}

const troublesIn = (events: readonly RoadEvent[]) =>
  events.flatMap((event) =>
    event.kind === "trouble" ? [`${event.trouble} ${event.durationMs === null ? "begins" : "is over"}`] : [],
  );

describe("a trouble of a DASH stream that plays on", () => {
  it.each([
    ["a segment that was not there", 18, "segment-missing"],
    ["segments that could not be listed", 22, "segment-missing"],
  ])("is over when the next segment has come: %s", async (_what, code, trouble) => {
    const { say, load, events, states, tries } = createSubject();
    say("playbackPlaying");
    say("error", { error: { code, message: "" } });
    await load({});
    expect(troublesIn(events)).toEqual([`${trouble} begins`, `${trouble} is over`]);
    expect(states).toEqual(["connected", "connecting", "connected"]);
    expect(tries).toEqual([]);
  });

  it("is over when the manifest has come again", () => {
    const { say, events, tries } = createSubject();
    say("playbackPlaying");
    say("error", { error: { code: 25, message: "", data: { response: { status: 404 } } } });
    say("manifestLoaded", { data: {} });
    expect(troublesIn(events)).toEqual(["playlist-missing begins", "playlist-missing is over"]);
    expect(tries).toEqual(["reload"]);
  });

  it("is none where the clock that a manifest names does not answer", () => {
    const { say, events, states } = createSubject();
    say("playbackPlaying");
    say("error", { error: { code: 16, message: "" } });
    expect(troublesIn(events)).toEqual([]);
    expect(states).toEqual(["connected", "connected"]);
  });
});

it.each([25, 27])("where nobody answers, the server is told to be away, not its file (%i)", (code) => {
  const past = { hasPlayed: true, sinceAskedMs: 0 };
  expect(judgeDash({ code, isUnanswered: true }, past).trouble).toBe("unreachable");
  expect(judgeDash({ code, isUnanswered: false }, past).trouble).not.toBe("unreachable");
});

it("a segment's headers tell of its caches", async () => {
  const { playing, load } = createSubject();
  await load({ age: "7", "x-cache": "HIT from a" });
  expect(playing.requests.read()).toMatchObject({
    ageS: { known: true, value: 7 },
    cacheHitRatio: { known: true, value: 1 },
    wholeMs: { value: 50 },
  });
});

it("a rung that is rendered first is no change of rung, and its segments are weighed for it", () => {
  const { playing, say } = createSubject();
  const rung = { id: "high", width: 1280, height: 720, bitrateInKbit: 2500 };
  say("qualityChangeRendered", { mediaType: "video", newRepresentation: rung, oldRepresentation: null });
  const request = { type: "MediaSegment", mediaType: "video", duration: 2, representation: { id: "high" } };
  say("fragmentLoadingCompleted", { request, response: new ArrayBuffer(500_000) });
  say("fragmentLoadingCompleted", {
    request: { ...request, mediaType: "audio", representation: { id: "sound" } },
    response: new ArrayBuffer(1000),
  });
  expect([playing.rungId, playing.rungSwitchCount]).toEqual(["high", 0]);
  const [reading] = playing.rungs.read([{ key: "high", widthPx: 1280, heightPx: 720, bitrateKbps: 2500 }]);
  expect(reading?.mediaKbps).toMatchObject({ value: 2000 });
});
