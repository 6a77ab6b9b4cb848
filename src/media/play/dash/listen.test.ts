import { expect, describe, it } from "vitest";

import { createRungLog } from "../../../core/timeline/rungs.ts";
import { createFakeTimers } from "../../link/timers.fake.ts";
import { createRequests } from "../requests.ts";
import { createTroubles } from "../troubles.ts";
import type { RoadEvent } from "../way.ts";
import { listenToDash, type DashPlay } from "./listen.ts";
import { createManifestWatch } from "./manifest-watch.ts";

type Interceptor = Parameters<DashPlay["player"]["addResponseInterceptor"]>[0];
type Settings = Parameters<DashPlay["player"]["updateSettings"]>[0];

/** A player that says what a script makes it say. */
function createSubject(bufferedS = 0) {
  const listeners = new Map<string, (event: object) => void>();
  const interceptors: Interceptor[] = [];
  const retryDelaysMs: number[] = [];
  const player = {
    on: (name: string, listener: (event: object) => void) => void listeners.set(name, listener),
    addResponseInterceptor: (interceptor: Interceptor) => void interceptors.push(interceptor),
    updateSettings: ({ streaming }: Settings) => {
      const delayMs = streaming?.retryIntervals?.MediaSegment;
      if (delayMs !== undefined) retryDelaysMs.push(delayMs);
    },
  } as unknown as DashPlay["player"];
  const events: RoadEvent[] = [];
  const states: string[] = [];
  const tries: string[] = [];
  const ends: string[] = [];
  const timers = createFakeTimers();
  const buffered = { length: 1, start: () => 0, end: () => bufferedS };
  const playing: DashPlay = {
    url: new URL("https://a.example/x.mpd"),
    options: {
      video: { ended: false, currentTime: 0, buffered },
      listener: {
        onState: ({ state }: { state: string }) => void states.push(state),
        onEvent: (event: RoadEvent) => events.push(event),
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
    end: (failure) => ends.push(failure?.kind ?? ""),
    watch: createManifestWatch(),
    hasPlayed: false,
    rungSwitchCount: 0,
    rungId: null,
    periodId: null,
    noAnswer: null,
  };
  listenToDash(playing, {
    timers,
    random: () => 0,
    fetch: (_url, { mode }) =>
      mode === "no-cors" ? Promise.resolve(new Response("x")) : Promise.reject(new TypeError("refused")),
    closing: new AbortController().signal,
    reload: () => tries.push("reload at once"),
  });
  const say = (name: string, event: object = {}): void => listeners.get(name)?.(event);
  const answer = async (request: object, status: number, headers: Record<string, string> = {}) => {
    const data = status === 200 ? new ArrayBuffer(1000) : null;
    const response = { request: { url: "", customData: { request } }, headers, status, data };
    for (const interceptor of interceptors)
      await interceptor(response as unknown as Parameters<Interceptor>[0]);
  };
  const load = async (headers: Record<string, string>): Promise<void> => {
    const request = { startDate: new Date(0), firstByteDate: new Date(20), endDate: new Date(50) };
    await answer(request, 200, headers);
    say("fragmentLoadingCompleted", { request, response: new ArrayBuffer(1000) });
  };
  /** A request is answered so again and again, as dash.js tries it. */
  const fail = async (type: string, status: number, tryCount = 1): Promise<void> => {
    const request = { type, url: "https://a.example/1.m4s", retryAttempts: 0 };
    for (let tried = 0; tried < tryCount; tried += 1) {
      await answer(request, status);
      request.retryAttempts += 1;
      timers.advance(0);
    }
  };
  return { playing, say, answer, load, fail, timers, events, states, tries, ends, retryDelaysMs };
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

  it.each([404, 503, 0])("is over when the manifest has come again (%i)", async (status) => {
    const { say, fail, events, tries } = createSubject(5);
    say("playbackPlaying");
    await fail("MPD", status);
    say("manifestLoaded", { data: {} });
    const trouble = status === 404 ? "playlist-missing" : "unreachable";
    expect(troublesIn(events)).toEqual([`${trouble} begins`, `${trouble} is over`]);
    expect(tries).toEqual([]);
  });

  it("is none where the clock that a manifest names does not answer", () => {
    const { say, events, states } = createSubject();
    say("playbackPlaying");
    say("error", { error: { code: 16, message: "" } });
    expect(troublesIn(events)).toEqual([]);
    expect(states).toEqual(["connected", "connected"]);
  });
});

describe("a segment that does not come", () => {
  it("is asked for ever more seldom, and costs nothing that is buffered", async () => {
    const { say, fail, load, events, tries, retryDelaysMs } = createSubject(5);
    say("playbackPlaying");
    await fail("MediaSegment", 404, 8);
    expect(retryDelaysMs).toEqual([300, 600, 1200, 2400, 4800, 8000, 8000, 8000]);
    expect(tries).toEqual([]);
    await load({});
    expect(troublesIn(events)).toEqual(["segment-missing begins", "segment-missing is over"]);
  });

  it.each([
    ["its server knows it no more, everything is loaded anew", 404, ["reload"]],
    ["nobody answers, it is waited for", 0, []],
  ] as const)("once nothing is left to play: where %s", async (_what, status, tries) => {
    const subject = createSubject(0);
    subject.say("playbackPlaying");
    await subject.fail("MediaSegment", status);
    expect(subject.tries).toEqual(tries);
    expect(subject.states.at(-1)).toBe("connecting");
  });

  it("is no fault where dash.js broke it off itself", async () => {
    const { answer, timers, events } = createSubject(5);
    await answer({ type: "MediaSegment", url: "", retryAttempts: 0 }, 0);
    timers.advance(1000);
    expect(events).toEqual([]);
  });
});

describe("a server that answers, but not this page (CORS)", () => {
  it("is told in its own words while playing, and waited for", async () => {
    const { say, fail, playing, ends } = createSubject(5);
    say("playbackPlaying");
    await fail("MediaSegment", 0);
    await expect.poll(() => playing.noAnswer?.why).toContain("CORS");
    expect(ends).toEqual([]);
  });

  it("ends a stream that never played", async () => {
    const { fail, ends } = createSubject();
    await fail("MediaSegment", 0);
    await expect.poll(() => ends).toEqual(["denied"]);
  });
});

it.each([
  ["a manifest that is denied, which ends a stream that never played", "MPD", 403, ["denied"]],
  ["a manifest that is not there yet, which is waited for", "MPD", 404, []],
])("%s", async (_what, type, status, ends) => {
  const subject = createSubject();
  await subject.fail(type, status);
  expect(subject.ends).toEqual(ends);
});

describe("what a viewer sees change", () => {
  it("is a discontinuity where another period begins, not where the first one does", () => {
    const { say, events } = createSubject();
    for (const id of ["0", "0", "1"]) say("periodSwitchCompleted", { toStreamInfo: { id } });
    expect(events.map(({ kind }) => kind)).toEqual(["discontinuity"]);
  });

  it("is a decoder that dash.js begins anew, until it plays again", () => {
    const { say, events } = createSubject();
    say("playbackPlaying");
    say("playbackError", { error: { code: 3 } });
    say("playbackPlaying");
    expect(troublesIn(events)).toEqual(["segment-corrupt begins", "segment-corrupt is over"]);
  });

  it("is a publisher that begins anew: loaded anew at once, and over when it plays", () => {
    const { say, events, tries } = createSubject(5);
    say("playbackPlaying");
    for (const year of ["2020", "2021"])
      say("manifestLoaded", { data: { type: "dynamic", availabilityStartTime: new Date(year) } });
    expect(tries).toEqual(["reload at once"]);
    say("playbackPlaying");
    expect(troublesIn(events)).toEqual(["restart begins", "restart is over"]);
  });

  it("is a codec that no rendition can be played with", () => {
    const { say, events, ends } = createSubject();
    say("error", { error: { code: 32, message: "" } });
    expect(troublesIn(events)).toEqual(["codec begins"]);
    expect(ends).toEqual(["unsupported"]);
  });
});

it.each([
  ["a manifest that cannot be read, with media ahead", 10, 5, "load-on"],
  ["a manifest that cannot be read, with none", 10, 0, "reload"],
  ["a decoder that stays broken", 3, 5, "reload"],
  ["a segment that the decoder refuses", 20, 5, "reload"],
] as const)("%s, is gone on from", (_what, code, bufferedS, how) => {
  const { say, tries } = createSubject(bufferedS);
  say("playbackPlaying");
  say("error", { error: { code, message: "" } });
  expect(tries).toEqual([how]);
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
