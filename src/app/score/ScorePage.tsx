import type { ReactNode } from "react";
import { useStore } from "zustand";

import { Card } from "../parts/Card.tsx";
import { Header } from "../parts/Header.tsx";
import { FailureNotice } from "../parts/Notice.tsx";
import type { Tone } from "../parts/Readouts.tsx";
import { useShortcuts } from "../parts/shortcuts.ts";
import { StatePill } from "../parts/StatePill.tsx";
import { CurveCard, ResultCards } from "./ResultCards.tsx";
import type { ScoreDoing, ScoringNow } from "./score-state.ts";
import type { Scoring } from "./score-store.ts";
import { SetupCard } from "./SetupCard.tsx";
import { progressRatio, progressWords } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./score.module.css";

const pills: Readonly<Record<ScoreDoing["phase"], { readonly tone: Tone; readonly state: string }>> = {
  choosing: { tone: "plain", state: "Nothing scored yet" },
  scoring: { tone: "good", state: "Scoring" },
  done: { tone: "good", state: "Scored" },
  failed: { tone: "bad", state: "Not scored" },
};

function pillOf(doing: ScoreDoing): (typeof pills)["done"] {
  if (doing.phase === "done" && !doing.report.isComplete) return { tone: "warn", state: "Scored in part" };
  return pills[doing.phase];
}

/** The score tab. */
export function ScorePage({ scoring }: { readonly scoring: Scoring }): ReactNode {
  const state = useStore(scoring.store);
  const { doing, setup } = state;
  const isBusy = doing.phase === "scoring";
  useShortcuts({
    s: () => {
      if (!isBusy) void scoring.start();
    },
    c: () => {
      if (isBusy) scoring.cancel();
    },
  });
  return (
    <div className={parts["page"]}>
      <Header here="score">
        <StatePill {...pillOf(doing)} />
      </Header>
      <main className={parts["main"]}>
        <h1 className={parts["visuallyHidden"]}>Score</h1>
        {doing.phase === "failed" && <FailureNotice failure={doing.failure} />}
        <div className={styles["grid"]}>
          <SetupCard isBusy={isBusy} scoring={scoring} setup={setup} state={state} />
          <div className={styles["results"]}>
            {(doing.phase === "choosing" || doing.phase === "failed") && <Invitation />}
            {doing.phase === "scoring" && (
              <>
                <ProgressCard now={doing.now} />
                <CurveCard doing={doing} />
              </>
            )}
            {doing.phase === "done" && <ResultCards doing={doing} />}
          </div>
        </div>
      </main>
    </div>
  );
}

function ProgressCard({ now }: { readonly now: ScoringNow }): ReactNode {
  const words = progressWords(now);
  return (
    <Card title="Progress">
      <progress
        aria-label="Frames scored"
        className={styles["progress"]}
        value={progressRatio(now) ?? undefined}
      />
      <p>{words}</p>
    </Card>
  );
}

function Invitation(): ReactNode {
  return (
    <Card title="Result">
      <p className={parts["hint"]}>
        Choose two videos and press Score. VMAF, VMAF NEG, PSNR and SSIM of every frame are computed in this
        browser; nothing is uploaded.
      </p>
    </Card>
  );
}
