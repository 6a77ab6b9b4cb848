import type { ReactNode } from "react";

import { createTimeline } from "../../core/timeline/timeline.ts";
import type { ReceiverAutomation } from "../../core/wire/automation.ts";
import { readReceiverSetup, receiverDefaults, writeReceiverSetup } from "../../core/wire/receiver-setup.ts";
import { createClipRemake } from "../../media/clip/remake.ts";
import { createFrameReader } from "../../media/frames/create-reader.ts";
import { scanJoin } from "../../media/frames/scan.ts";
import { followRun } from "../../media/link/facts.ts";
import { pageEpochUs } from "../../media/link/page-clock.shared.ts";
import { sniffKind } from "../../media/play/sniff.ts";
import { createStills } from "../../media/play/stills.ts";
import { wayFor } from "../../media/play/ways.ts";
import { createKeep, keepingLack, type Keep } from "../../media/record/keep.ts";
import { createObservationLog } from "../../media/record/observation-log.ts";
import { browserTap } from "../../media/record/stream-keep.ts";
import { createLiveScoring, type LiveScoring } from "../../media/score/live.ts";
import { createScorePool } from "../../media/score/pool.ts";
import { showInAddress, startInAddress } from "../parts/address.ts";
import { every, pageNowMs, watchHidden } from "../parts/browser.ts";
import { lackOf, thisBrowser } from "../parts/capability.ts";
import { saveBlob } from "../parts/save.ts";
import { createBesideOf } from "./beside.ts";
import { watchEntries } from "./lineup-entry.ts";
import { phaseOf, toLinkSetup } from "./lineup-setup.ts";
import { createLineup, type Lineup } from "./lineup.ts";
import { createModelChoice } from "./model-choice.ts";
import { createReceiverAutomation } from "./receiver-automation.ts";
import { ReceiverPage } from "./ReceiverPage.tsx";
import { createRecording } from "./record-store.ts";
import { createOpenSession } from "./session.ts";

/** Makes the receiver tab as its address asks. */
export function openReceiverTab(): { readonly page: ReactNode; readonly automation: ReceiverAutomation } {
  document.title = "Receive · Streamgauge";
  const keep = keepingLack() === null ? createKeep() : null;
  const scoring = createLiveScoring({
    createRemake: createClipRemake,
    createPool: () => createScorePool({ workerCount: 1 }),
    nowMs: pageNowMs,
  });
  const openSession = createOpenSession({
    wayFor,
    sniff: (url, signal) => sniffKind((target, init) => fetch(target, init), url, signal),
    followRun,
    createReader: createFrameReader,
    createTimeline,
    createLog: createObservationLog,
    createBeside: createBesideOf({ keep, scoring, every, nowUs: pageEpochUs, startTap: browserTap }),
    nowMs: pageNowMs,
    timeOriginMs: performance.timeOrigin,
    every,
    watchHidden,
  });
  const read = readReceiverSetup(location.search);
  const setup = read.ok ? read.value : receiverDefaults;
  const lineup = createLineup({ openSession, every, createVideo, createStills }, setup);
  followSettings(lineup, keep, scoring);
  const recording =
    keep === null
      ? null
      : createRecording({
          keep,
          saveBlob,
          toIndexedMp4: async (received) =>
            (await import("../../media/record/remux.ts")).toIndexedMp4(received),
          every,
        });
  const lack = lackOf("receiver", thisBrowser());
  const [first] = lineup.store.getState().entries;
  if (!read.ok) first?.receiver.refuse(read.failure);
  else if (lack !== null) first?.receiver.refuse(lack);
  else if (setup.start) void lineup.start();
  followInAddress(lineup, setup.start);
  return {
    page: (
      <ReceiverPage
        lineup={lineup}
        modelChoice={createModelChoice(scoring.setModel)}
        recording={recording}
        scanJoin={scanJoin}
      />
    ),
    automation: createReceiverAutomation(lineup),
  };
}

/** How much is kept and scored is one setting for the whole page. */
function followSettings(lineup: Lineup, keep: Keep | null, scoring: LiveScoring): void {
  let told = "";
  const tell = (): void => {
    const { ringS, keepMb, scoringPct } = lineup.setup();
    const now = `${ringS} ${keepMb} ${scoringPct}`;
    if (now === told) return;
    told = now;
    keep?.configure({ ringS, limitBytes: keepMb * 1e6 });
    scoring.setShare(scoringPct / 100);
  };
  tell();
  watchEntries(lineup.store, tell);
}

function createVideo(): HTMLVideoElement {
  const video = document.createElement("video");
  video.setAttribute("aria-label", "The stream as received");
  video.autoplay = true;
  video.muted = true;
  video.playsInline = true;
  return video;
}

function followInAddress(lineup: Lineup, startedByAddress: boolean): void {
  let start = startedByAddress;
  let shown = "";
  watchEntries(lineup.store, () => {
    const state = lineup.store.getState();
    start = startInAddress(phaseOf(state), start);
    const query = writeReceiverSetup({ ...toLinkSetup(lineup.setup()), start });
    if (query !== shown) showInAddress(query);
    shown = query;
  });
}
