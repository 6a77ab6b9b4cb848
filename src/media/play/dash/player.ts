import { MediaPlayer, type MediaPlayerClass } from "dashjs";

import type { Failure } from "../../../core/failure.ts";
import { createRungLog } from "../../../core/timeline/rungs.ts";
import { createDeferred } from "../../link/deferred.ts";
import { realTimers } from "../../link/timers.ts";
import { detach, isPlaying, play, sampleElement } from "../element.ts";
import { createRecovery } from "../hls/recover.ts";
import { createRequests } from "../hls/requests.ts";
import { watchStalls } from "../stalls.ts";
import { createTroubles } from "../troubles.ts";
import type { Playing, PlayOptions } from "../way.ts";
import { toDashDelivery } from "./delivery.ts";
import { listenToDash, type DashPlay } from "./listen.ts";

/** How often it is noted which rung is on screen, ms. */
const noteEveryMs = 500;

/** As it is shipped, without catching up by speed, which would bend what is measured, and without asking third parties. */
function createPlayer({ syncS, video }: PlayOptions): MediaPlayerClass {
  const player = MediaPlayer().create();
  player.updateSettings({
    streaming: {
      liveCatchup: { enabled: false },
      manifestRequestTimeout: 10_000,
      fragmentRequestTimeout: 20_000,
      delay: syncS === null ? {} : { liveDelay: syncS },
      text: { defaultEnabled: false },
    },
  });
  player.initialize(video, undefined, true);
  // A public clock server of others, put there by `initialize`: what is left are the clocks that the manifest names.
  player.clearDefaultUTCTimingSources();
  return player;
}

/** Plays by dash.js until closed; recovers by itself from whatever comes back. */
export function playByDashJs(url: URL, options: PlayOptions): Playing {
  const { video, listener } = options;
  const ended = createDeferred<Failure | null>();
  const player = createPlayer(options);
  const reload = (): void => {
    // A recording from where it stood; a live stream from where it is now.
    if (playing.hasPlayed && !player.isDynamic()) player.attachSource(url.href, video.currentTime);
    else player.attachSource(url.href);
    play(video);
  };
  const playing: DashPlay = {
    url,
    options,
    player,
    troubles: createTroubles(listener.onEvent),
    requests: createRequests(),
    rungs: createRungLog(),
    recovery: createRecovery(realTimers, () => Math.random(), reload),
    askedMs: performance.now(),
    end: ended.settle,
    hasPlayed: false,
    rungSwitchCount: 0,
    rungId: null,
  };
  listenToDash(playing);
  player.attachSource(url.href);
  const noteRung = (): void => playing.rungs.see(isPlaying(video) ? playing.rungId : null, performance.now());
  const noting = setInterval(noteRung, noteEveryMs);
  const unwatch = watchStalls(video, () => performance.now(), listener.onEvent);
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
      clearInterval(noting);
      unwatch();
      playing.recovery.close();
      player.destroy();
      detach(video);
      ended.settle(null);
    },
  };
}
