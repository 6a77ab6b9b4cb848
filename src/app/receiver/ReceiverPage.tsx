import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from "react";
import { useStore } from "zustand";

import { unreachable } from "../../core/failure.ts";
import type { ReceiverSnapshot } from "../../core/wire/automation.ts";
import { toggleFullscreen } from "../parts/fullscreen.ts";
import { Header } from "../parts/Header.tsx";
import { FailureNotice, WarnNotice } from "../parts/Notice.tsx";
import { useShortcuts } from "../parts/shortcuts.ts";
import { StatePill } from "../parts/StatePill.tsx";
import { Controls } from "./Controls.tsx";
import { JoinForm } from "./JoinForm.tsx";
import { LatencyCard } from "./LatencyCard.tsx";
import { MarkDialog } from "./MarkDialog.tsx";
import { Panels } from "./Panels.tsx";
import type { Receiver } from "./receiver-store.ts";
import type { ScanJoin } from "./ScanDialog.tsx";
import { Stage } from "./Stage.tsx";
import { toPill, toReadingWarning } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

const ChartsSection = lazy(async () => ({ default: (await import("./ChartsSection.tsx")).ChartsSection }));

/** The receiver tab. */
export function ReceiverPage(props: { readonly receiver: Receiver; readonly scanJoin: ScanJoin }): ReactNode {
  const { receiver } = props;
  const state = useStore(receiver.store);
  const video = useRef<HTMLVideoElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const [isMarking, setMarking] = useState(false);
  useEffect(() => {
    if (video.current !== null) receiver.attach(video.current);
  }, [receiver]);

  const measures = state.phase === "measuring" ? state.measures : null;
  const warning = measures === null ? null : toReadingWarning(measures);
  const mark = () => setMarking(receiver.session() !== null);
  const fullscreen = () => toggleFullscreen(stage.current);
  useShortcuts({ " ": receiver.togglePause, m: mark, r: receiver.reset, f: fullscreen });

  return (
    <div className={parts["page"]}>
      <Header here="receiver">
        <StatePill {...toPill(state)} />
      </Header>
      <h1 className={parts["visuallyHidden"]}>Receive</h1>
      {state.phase === "failed" && <FailureNotice failure={state.failure} />}
      {warning !== null && <WarnNotice>{warning}</WarnNotice>}
      <main className={styles["column"]}>
        <div className={styles["top"]}>
          <section aria-label="Picture" className={parts["card"]}>
            <Stage stageRef={stage} videoRef={video} words={toStageWords(state)} />
            <Controls fullscreen={fullscreen} mark={mark} receiver={receiver} state={state} />
          </section>
          <div className={styles["column"]}>
            {measures === null || state.phase !== "measuring" ? (
              <JoinForm receiver={receiver} scanJoin={props.scanJoin} state={state} />
            ) : (
              <LatencyCard isPaused={state.paused} measures={measures} />
            )}
          </div>
        </div>
        {measures !== null && state.phase === "measuring" && (
          <>
            <Suspense fallback={<p className={parts["hint"]}>Loading the charts…</p>}>
              <ChartsSection isPaused={state.paused} receiver={receiver} windowMin={state.setup.windowMin} />
            </Suspense>
            <Panels measures={measures} />
          </>
        )}
      </main>
      {isMarking && <MarkDialog close={() => setMarking(false)} mark={receiver.mark} />}
    </div>
  );
}

function toStageWords(state: ReceiverSnapshot): string | null {
  switch (state.phase) {
    case "idle":
      return "No stream";
    case "joining":
      return state.state;
    case "failed":
      return "Not receiving";
    case "measuring":
      return state.connection.state === "connected"
        ? null
        : `${state.connection.state}: ${state.connection.why}`;
    default:
      return unreachable(state);
  }
}
