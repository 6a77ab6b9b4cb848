import type { ReactNode } from "react";

import { usualWorkerCount } from "../../media/score/pool.ts";
import { scoreFile } from "../../media/score/score-files.ts";
import { pageNowMs } from "../parts/browser.ts";
import { fileOfKept, listKept } from "./kept.ts";
import { createScoring } from "./score-store.ts";
import { ScorePage } from "./ScorePage.tsx";

/** Makes the score tab. */
export function openScoreTab(): { readonly page: ReactNode } {
  document.title = "Score · Streamgauge";
  const scoring = createScoring({
    scoreFile,
    listKept,
    fileOfKept,
    workerCount: usualWorkerCount,
    nowMs: pageNowMs,
  });
  return { page: <ScorePage scoring={scoring} /> };
}
