import { MediaPlayer, type MediaPlayerClass } from "dashjs";

import type { Failure } from "../../../core/failure.ts";
import { createRungLog } from "../../../core/timeline/rungs.ts";
import { createDeferred } from "../../link/deferred.ts";
import { realTimers } from "../../link/timers.ts";
import { pageFetch } from "../bounded-fetch.ts";
import { detach, isPlaying, play, sampleElement } from "../element.ts";
import { lookAfter } from "../look-after.ts";
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
const fresh = { hasPlayed: false, rungSwitchCount: 0, rungId: null, periodId: null, noAnswer: null };

function random(): number {
  return Math.random();
}

/** Plays by dash.js until closed; recovers by itself from whatever comes back. */
export function playByDashJs(url: URL, options: PlayOptions): Playing {
  const { video, listener } = options;
  const ended = createDeferred<Failure | null>();
  const player = createPlayer(options);
  const closing = new AbortController();
  // Of a recording, s: dash.js takes the media away itself when it cannot go on.
  let placeS: number | null = null;
  const reload = (): void => {
    playing.watch = createManifestWatch();
    playing.periodId = null;
    // A recording from where it stood; a live stream from where it is now.
    if (placeS === null) player.attachSource(url.href);
    else player.attachSource(url.href, placeS);
    play(video);
  };
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
    const isLive = playing.watch.isLive();
    if (isLive === false && video.currentTime > 0) placeS = video.currentTime;
    return { name: "manifest", staleMs: playing.watch.staleMs(atMs), isLive };
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
