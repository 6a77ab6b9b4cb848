import type { ReactNode } from "react";

import { usualWorkerCount } from "../../media/score/pool.ts";
import { scoreFile } from "../../media/score/score-files.ts";
import { pageNowMs } from "../parts/browser.ts";
import { filesOfKept, listKept } from "./kept.ts";
import { createScoring, type Scoring } from "./score-store.ts";
import { ScorePage } from "./ScorePage.tsx";

/** Makes the score tab. */
export function openScoreTab(): { readonly page: ReactNode } {
  document.title = "Score · Streamgauge";
  const scoring = createScoring({
    scoreFile,
    listKept,
    filesOfKept,
    workerCount: usualWorkerCount,
    nowMs: pageNowMs,
  });
  void chooseAsked(scoring, new URLSearchParams(location.search).get("segment"));
  return { page: <ScorePage scoring={scoring} /> };
}

/** Takes the recording that the address names, as the receiver's page links it. */
async function chooseAsked(scoring: Scoring, segmentId: string | null): Promise<void> {
  if (segmentId === null) return;
  await scoring.listKept();
  const choice = scoring.store.getState().keptChoices?.find(({ segment }) => segment.segmentId === segmentId);
  if (choice !== undefined) await scoring.chooseKept(choice.id);
}
