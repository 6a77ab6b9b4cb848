import { MediaPlayer, type MediaPlayerClass } from "dashjs";

import type { Failure } from "../../../core/failure.ts";
import { createRungLog } from "../../../core/timeline/rungs.ts";
import { createDeferred } from "../../link/deferred.ts";
import { realTimers } from "../../link/timers.ts";
import { pageFetch } from "../bounded-fetch.ts";
import { detach, isPlaying, play, sampleElement } from "../element.ts";
import { playlistTroubles } from "../faults.ts";
import { lookAfter, type ListLook } from "../look-after.ts";
import { createRecovery } from "../recover.ts";
import { createRequests } from "../requests.ts";
import { watchStalls } from "../stalls.ts";
import { createTroubles } from "../troubles.ts";
import type { Playing, PlayOptions } from "../way.ts";
import { requestTimeoutMs } from "./answers.ts";
import { toDashDelivery } from "./delivery.ts";
import { listenToDash, type DashPlay } from "./listen.ts";
import { createManifestWatch } from "./manifest-watch.ts";

/** As it is shipped, without catching up by speed, which would bend what is measured, and without asking third parties. */
function createPlayer({ syncS, video }: PlayOptions): MediaPlayerClass {
  const player = MediaPlayer().create();
  player.updateSettings({
    streaming: {
      liveCatchup: { enabled: false },
      manifestRequestTimeout: requestTimeoutMs.playlist,
      fragmentRequestTimeout: requestTimeoutMs.segment,
      delay: syncS === null ? {} : { liveDelay: syncS },
      text: { defaultEnabled: false },
    },
  });
  player.initialize(video, undefined, true);
  // A public clock server of others, put there by `initialize`: what is left are the clocks that the manifest names.
  player.clearDefaultUTCTimingSources();
  return player;
}

/** What a play has been through when it begins: nothing. */
const fresh = { hasPlayed: false, rungSwitchCount: 0, periodId: null, rungId: null, noAnswer: null };

function random(): number {
  return Math.random();
}

function readManifest({ watch, troubles, recovery }: DashPlay, atMs: number): ListLook {
  // Of one that is asked for in vain there is a trouble, and dash.js asks on.
  const isAway = troubles.current().some(({ trouble }) => playlistTroubles.includes(trouble));
  if (!isAway && watch.isLeft(atMs)) recovery.schedule("load-on");
  return { name: "manifest", staleMs: watch.staleMs(atMs), isLive: watch.isLive() };
}

/** Begins play anew: a recording from where it stood, which is noted, a live stream from where it is now. */
function createReload(player: MediaPlayerClass, url: URL, { video }: PlayOptions) {
  // dash.js takes the media away itself when it cannot go on, and the place with it.
  let placeS: number | null = null;
  return {
    notePlace: (isLive: boolean | null): void => {
      if (isLive === false && video.currentTime > 0) placeS = video.currentTime;
    },
    reload: (playing: DashPlay): void => {
      playing.watch = createManifestWatch();
      playing.periodId = null;
      if (placeS === null) player.attachSource(url.href);
      else player.attachSource(url.href, placeS);
      play(video);
    },
  };
}

/** Plays by dash.js until closed; recovers by itself from whatever comes back. */
export function playByDashJs(url: URL, options: PlayOptions): Playing {
  const { video, listener } = options;
  const ended = createDeferred<Failure | null>();
  const player = createPlayer(options);
  const closing = new AbortController();
  const source = createReload(player, url, options);
  const reload = (): void => source.reload(playing);
  const loadOn = (): void => {
    // Between two sources there is nothing to load on with.
    if (player.isReady()) player.refreshManifest(() => undefined);
    else reload();
  };
  const playing: DashPlay = {
    url,
    options,
    player,
    troubles: createTroubles(listener.onEvent),
    requests: createRequests(),
    rungs: createRungLog(),
    recovery: createRecovery(realTimers, random, (how) => (how === "reload" ? reload() : loadOn())),
    askedMs: performance.now(),
    end: ended.settle,
    watch: createManifestWatch(),
    ...fresh,
  };
  listenToDash(playing, {
    timers: realTimers,
    random,
    fetch: pageFetch,
    closing: closing.signal,
    reload,
  });
  player.attachSource(url.href);
  const noteRung = (): void => playing.rungs.see(isPlaying(video) ? playing.rungId : null, performance.now());
  const unwatch = watchStalls(video, () => performance.now(), listener.onEvent);
  const stopLooking = lookAfter(playing, (atMs) => {
    noteRung();
    const list = readManifest(playing, atMs);
    source.notePlace(list.isLive);
    return list;
  });
  listener.onState({ state: "connecting", why: "asking for the manifest" });
  listener.onTrack(null);
  return {
    ended: ended.promise,
    sample: async () => ({ ...sampleElement(video), receivedBytes: playing.requests.receivedBytes() }),
    delivery: () => {
      noteRung();
      return toDashDelivery(player, video, playing);
    },
    close: () => {
      closing.abort(new Error("play was closed"));
      unwatch();
      stopLooking();
      playing.recovery.close();
      player.destroy();
      detach(video);
      ended.settle(null);
    },
  };
}
