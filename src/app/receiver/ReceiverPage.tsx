import { lazy, Suspense, useRef, useState, type ReactNode } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";

import { toggleFullscreen } from "../parts/fullscreen.ts";
import { Header } from "../parts/Header.tsx";
import { FailureNotice, WarnNotice } from "../parts/Notice.tsx";
import { useShortcuts } from "../parts/shortcuts.ts";
import { Swatch } from "../parts/Swatch.tsx";
import { untilLoaded } from "../parts/until-loaded.ts";
import { AddForm } from "./AddForm.tsx";
import { Controls } from "./Controls.tsx";
import { toDoing, toEndedWords, toStageWords, type Doing } from "./doing.ts";
import { useDroppedFiles } from "./files.ts";
import { LatencyCard } from "./LatencyCard.tsx";
import type { LineupEntry } from "./lineup-entry.ts";
import { labelOf, typedOf } from "./lineup-setup.ts";
import type { Lineup, LineupState } from "./lineup.ts";
import { LineupPill } from "./LineupPill.tsx";
import { MarkDialog } from "./MarkDialog.tsx";
import { RatePanel, ReadingWarning } from "./Panels.tsx";
import { Pictures } from "./Pictures.tsx";
import type { Recording } from "./record-store.ts";
import { RecordCard } from "./RecordCard.tsx";
import type { ScanJoin } from "./ScanDialog.tsx";
import { StreamDetails } from "./StreamDetails.tsx";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

const CompareSection = lazy(async () => ({
  default: (await untilLoaded(() => import("./CompareSection.tsx"))).CompareSection,
}));

/** What the parts of the page share: the streams, the selected one, and what it does. */
type PageParts = {
  readonly lineup: Lineup;
  readonly state: LineupState;
  readonly selected: LineupEntry;
  readonly doing: Doing;
  readonly isSeveral: boolean;
  readonly scanJoin: ScanJoin;
  readonly adding: { readonly isOpen: boolean; readonly toggle: () => void };
};

/** The receiver tab: one stream or several side by side. It listens to what the streams do; what shows figures listens to the figures. */
export function ReceiverPage(props: {
  readonly lineup: Lineup;
  readonly scanJoin: ScanJoin;
  /** Null where this browser can keep nothing. */
  readonly recording: Recording | null;
}): ReactNode {
  const { lineup, scanJoin, recording } = props;
  const state = useStore(lineup.store);
  const selected = state.entries.find(({ id }) => id === state.selectedId) ?? state.entries[0];
  if (selected === undefined) throw new Error("a line-up is never empty");
  const doing = useStore(selected.receiver.store, useShallow(toDoing));
  useDroppedFiles(lineup);
  const [isAdding, setAdding] = useState(false);
  const adding = { isOpen: isAdding, toggle: () => setAdding(!isAdding) };
  const isSeveral = state.entries.length > 1;
  const page: PageParts = { lineup, state, selected, doing, isSeveral, scanJoin, adding };
  const isMeasuring = doing.phase === "measuring";
  return (
    <div className={parts["page"]}>
      <Header here="receiver">
        <LineupPill lineup={lineup} />
      </Header>
      <main className={parts["main"]}>
        <h1 className={parts["visuallyHidden"]}>Receive</h1>
        <Notices {...page} />
        <Top {...page} />
        {(isSeveral || isMeasuring) && isAdding && <AddBeside {...page} />}
        {isSeveral && <SideBySide {...page} />}
        {isMeasuring && (
          <StreamDetails configure={lineup.configure} doing={doing} receiver={selected.receiver} />
        )}
        {recording !== null && (
          <RecordCard
            configure={lineup.configure}
            isOver={doing.connection === "ended"}
            recording={recording}
            session={selected.receiver.session()}
            setup={doing.setup}
          />
        )}
      </main>
    </div>
  );
}

/** What the user should know of the streams, the selected one above all. */
function Notices({ state, selected, doing, isSeveral }: PageParts): ReactNode {
  const failure = state.refusal ?? doing.failure;
  const endedWords = toEndedWords(doing, isSeveral ? labelOf(doing.setup) : null);
  return (
    <>
      {failure !== null && <FailureNotice failure={failure} />}
      {endedWords !== null && <WarnNotice>{endedWords}</WarnNotice>}
      <ReadingWarning receiver={selected.receiver} />
    </>
  );
}

/** Pictures and controls; beside a single stream its large figures, or the box where one is named. */
function Top(page: PageParts): ReactNode {
  const { lineup, state, selected, doing, isSeveral, scanJoin, adding } = page;
  const { receiver } = selected;
  const stage = useRef<HTMLDivElement>(null);
  const [isMarking, setMarking] = useState(false);
  const isOver = !isSeveral && doing.connection === "ended";
  const mark = () => setMarking(receiver.session() !== null && !isOver);
  const fullscreen = () => toggleFullscreen(stage.current);
  // Nothing would come to be measured after it.
  const reset = () => {
    if (!isOver) lineup.reset();
  };
  useShortcuts({ " ": lineup.togglePause, m: mark, r: reset, f: fullscreen });
  return (
    <div className={isSeveral ? styles["column"] : styles["top"]}>
      <section aria-label={isSeveral ? "Pictures" : "Picture"} className={parts["card"]}>
        <Pictures lineup={lineup} stageRef={stage} state={state} />
        <Controls {...{ lineup, receiver, doing, isSeveral, isOver, mark, fullscreen, adding }} />
      </section>
      {!isSeveral && (
        <div className={styles["column"]}>
          {doing.phase === "measuring" ? (
            <LargeFigures receiver={receiver} />
          ) : (
            <AddForm
              isBusy={doing.phase === "joining"}
              key={selected.id}
              lineup={lineup}
              scanJoin={scanJoin}
              title="Measure a stream"
              typed={typedOf(doing.setup)}
            />
          )}
        </div>
      )}
      {isMarking && <MarkDialog close={() => setMarking(false)} mark={lineup.mark} />}
    </div>
  );
}

function AddBeside({ lineup, scanJoin, adding }: PageParts): ReactNode {
  return (
    <AddForm
      isBusy={false}
      lineup={lineup}
      onAdded={adding.toggle}
      scanJoin={scanJoin}
      title="Measure another beside"
      typed=""
    />
  );
}

/** All streams compared; then whose details follow. */
function SideBySide({ lineup, state, selected, doing }: PageParts): ReactNode {
  return (
    <>
      <Suspense fallback={<p className={parts["hint"]}>Loading the comparison…</p>}>
        <CompareSection
          isPaused={doing.isPaused}
          lineup={lineup}
          state={state}
          windowMin={doing.setup.windowMin}
        />
      </Suspense>
      <h2 className={styles["selectedHead"]}>
        <Swatch nth={selected.id} />
        {labelOf(doing.setup)}
      </h2>
      {doing.phase === "measuring" ? (
        <div className={styles["halves"]}>
          <LargeFigures receiver={selected.receiver} />
        </div>
      ) : (
        <p className={parts["hint"]}>{toStageWords(doing)}</p>
      )}
    </>
  );
}

function LargeFigures({ receiver }: { readonly receiver: LineupEntry["receiver"] }): ReactNode {
  return (
    <>
      <LatencyCard receiver={receiver} />
      <RatePanel receiver={receiver} />
    </>
  );
}
