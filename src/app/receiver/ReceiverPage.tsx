import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";

import { toggleFullscreen } from "../parts/fullscreen.ts";
import { Header } from "../parts/Header.tsx";
import { FailureNotice } from "../parts/Notice.tsx";
import { useShortcuts } from "../parts/shortcuts.ts";
import { StatePill } from "../parts/StatePill.tsx";
import { Controls } from "./Controls.tsx";
import { JoinForm } from "./JoinForm.tsx";
import { LatencyCard } from "./LatencyCard.tsx";
import { MarkDialog } from "./MarkDialog.tsx";
import { Panels, RatePanel, ReadingWarning } from "./Panels.tsx";
import type { Receiver } from "./receiver-store.ts";
import type { ScanJoin } from "./ScanDialog.tsx";
import { Stage } from "./Stage.tsx";
import { toDoing, toPill, toStageWords } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

const ChartsSection = lazy(async () => ({ default: (await import("./ChartsSection.tsx")).ChartsSection }));

/** The receiver tab. It listens to what the receiver does; what shows figures listens to the figures. */
export function ReceiverPage(props: { readonly receiver: Receiver; readonly scanJoin: ScanJoin }): ReactNode {
  const { receiver } = props;
  const doing = useStore(receiver.store, useShallow(toDoing));
  const video = useRef<HTMLVideoElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const [isMarking, setMarking] = useState(false);
  useEffect(() => {
    if (video.current !== null) receiver.attach(video.current);
  }, [receiver]);
  const mark = () => setMarking(receiver.session() !== null);
  const fullscreen = () => toggleFullscreen(stage.current);
  useShortcuts({ " ": receiver.togglePause, m: mark, r: receiver.reset, f: fullscreen });

  return (
    <div className={parts["page"]}>
      <Header here="receiver">
        <StatePill {...toPill(doing)} />
      </Header>
      <main className={parts["main"]}>
        <h1 className={parts["visuallyHidden"]}>Receive</h1>
        {doing.failure !== null && <FailureNotice failure={doing.failure} />}
        <ReadingWarning receiver={receiver} />
        <div className={styles["top"]}>
          <section aria-label="Picture" className={parts["card"]}>
            <Stage stageRef={stage} videoRef={video} words={toStageWords(doing)} />
            <Controls doing={doing} fullscreen={fullscreen} mark={mark} receiver={receiver} />
          </section>
          <div className={styles["column"]}>
            {doing.phase === "measuring" ? (
              <>
                <LatencyCard receiver={receiver} />
                <RatePanel receiver={receiver} />
              </>
            ) : (
              <JoinForm doing={doing} receiver={receiver} scanJoin={props.scanJoin} />
            )}
          </div>
        </div>
        {doing.phase === "measuring" && (
          <>
            <Suspense fallback={<p className={parts["hint"]}>Loading the charts…</p>}>
              <ChartsSection
                isPaused={doing.isPaused}
                receiver={receiver}
                windowMin={doing.setup.windowMin}
              />
            </Suspense>
            <Panels receiver={receiver} />
          </>
        )}
      </main>
      {isMarking && <MarkDialog close={() => setMarking(false)} mark={receiver.mark} />}
    </div>
  );
}
