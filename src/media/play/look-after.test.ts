import { describe, expect, it } from "vitest";

import { toPageMs } from "../../core/clock/instants.ts";
import { createLook, type LookedAfter } from "./look-after.ts";
import { stuckAfterMs } from "./stuck.ts";
import { createTroubles } from "./troubles.ts";
import type { RoadEvent } from "./way.ts";

/** A play that is looked at every half second, while it says what a script makes it say. */
function createSubject() {
  const events: RoadEvent[] = [];
  const tries: string[] = [];
  const video = { ended: false, currentTime: 4 };
  const list = { name: "manifest", staleMs: null as number | null, isLive: true };
  const playing: LookedAfter = {
    options: { video, listener: { onState: () => undefined } },
    troubles: createTroubles((event) => events.push(event)),
    recovery: {
      schedule: (how) => tries.push(how),
      succeeded: () => undefined,
      reloads: () => 0,
      close: () => undefined,
    },
    hasPlayed: true,
    noAnswer: null,
  };
  const look = createLook(playing, () => list);
  let atMs = 0;
  const lookFor = (durationMs: number): void => {
    for (const endMs = atMs + durationMs; atMs < endMs; atMs += 500) look(toPageMs(atMs));
  };
  const told = (): readonly string[] =>
    events.flatMap((event) => (event.kind === "trouble" ? [`${event.trouble} ${event.durationMs}`] : []));
  return { playing, video, list, lookFor, told, tries };
}

describe("a player that is looked after, of whatever list", () => {
  it("is told to have a stale list, for as long as it brings nothing, and is not touched for it", () => {
    const { list, lookFor, told, tries } = createSubject();
    list.staleMs = 3000;
    lookFor(2 * stuckAfterMs);
    list.staleMs = null;
    lookFor(500);
    expect(told()).toEqual(["playlist-stale null", `playlist-stale ${2 * stuckAfterMs}`]);
    expect(tries).toEqual([]);
  });

  it("is told to be stuck while it stands although media should come, and is loaded anew", () => {
    const { video, lookFor, told, tries } = createSubject();
    lookFor(1000 + stuckAfterMs);
    expect(tries).toEqual(["reload"]);
    video.currentTime = 9;
    lookFor(500);
    expect(told()).toEqual(["stuck null", "stuck 1000"]);
  });

  it.each(["unreachable", "playlist-missing"] as const)("is not told twice what is wrong: %s", (trouble) => {
    const { playing, list, lookFor, told } = createSubject();
    playing.troubles.begin(trouble, "away", toPageMs(0));
    list.staleMs = 3000;
    lookFor(2 * stuckAfterMs);
    expect(told()).toEqual([`${trouble} null`]);
  });

  it("is not stuck where the server cannot be reached, or the recording is over", () => {
    const away = createSubject();
    away.playing.troubles.begin("unreachable", "away", toPageMs(0));
    const over = createSubject();
    over.list.isLive = false;
    over.video.ended = true;
    for (const { lookFor, tries } of [away, over]) {
      lookFor(3 * stuckAfterMs);
      expect(tries).toEqual([]);
    }
  });
});
