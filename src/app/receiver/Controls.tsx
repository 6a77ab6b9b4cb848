import type { ReactNode } from "react";

import { writeReceiverSetup } from "../../core/wire/receiver-setup.ts";
import { Button } from "../parts/Button.tsx";
import { CopyLink } from "../parts/CopyLink.tsx";
import { KeepRun } from "../parts/KeepRun.tsx";
import { saveBlob } from "../parts/save.ts";
import type { Doing } from "./doing.ts";
import { labelOf, toLinkSetup } from "./lineup-setup.ts";
import type { Lineup } from "./lineup.ts";
import type { Receiver } from "./receiver-store.ts";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

/** What can be done with the streams being measured; files are those of the selected one. */
export function Controls(props: {
  readonly lineup: Lineup;
  /** The selected stream. */
  readonly receiver: Receiver;
  readonly doing: Doing;
  readonly isSeveral: boolean;
  /** The only stream has ended: it is saved, kept or left, and goes on no more. */
  readonly isOver: boolean;
  readonly mark: () => void;
  readonly fullscreen: () => void;
  /** The box where further streams are named. */
  readonly adding: { readonly isOpen: boolean; readonly toggle: () => void };
}): ReactNode {
  const { lineup, receiver, doing, isSeveral, isOver, mark, fullscreen, adding } = props;
  const isMeasuring = doing.phase === "measuring";
  const link = linkOf(lineup);
  const isOn = isMeasuring || doing.phase === "joining" || isSeveral;
  if (!isOn && link === null) return null;
  return (
    <div className={styles["controls"]}>
      {isOn && (
        <div className={parts["buttons"]}>
          <ViewButtons {...{ lineup, isMeasuring, isOver, mark, fullscreen }} isPaused={doing.isPaused} />
          {(isMeasuring || isSeveral) && (
            <Button onPress={adding.toggle} pressed={adding.isOpen} title="Another stream beside, to compare">
              Add a stream
            </Button>
          )}
          <LeaveOrStart {...{ doing, isSeveral, lineup }} />
        </div>
      )}
      <TakeAwayButtons {...{ lineup, receiver, doing, isOn, isMeasuring, link }} />
    </div>
  );
}

/** What is taken away: files of the selected stream, the link, a run on the server. */
function TakeAwayButtons(props: {
  readonly lineup: Lineup;
  readonly receiver: Receiver;
  readonly doing: Doing;
  readonly isOn: boolean;
  readonly isMeasuring: boolean;
  readonly link: string | null;
}): ReactNode {
  const { lineup, receiver, doing, isOn, isMeasuring, link } = props;
  return (
    <div className={parts["buttons"]}>
      {isOn && <Exports {...{ lineup, receiver, isMeasuring }} />}
      {link !== null && <CopyLink link={link} />}
      {isOn && <KeepRun address={labelOf(doing.setup)} source={isMeasuring ? receiver.session() : null} />}
    </div>
  );
}

/** The address that measures the same again; null where nothing is named yet. */
function linkOf(lineup: Lineup): string | null {
  const setup = toLinkSetup(lineup.setup());
  if (setup.join === "" && setup.urls.length === 0) return null;
  return `${location.origin}/receiver?${writeReceiverSetup({ ...setup, start: true })}`;
}

/** What is seen, and from when on it is measured. */
function ViewButtons(props: {
  readonly lineup: Lineup;
  readonly isMeasuring: boolean;
  readonly isPaused: boolean;
  readonly isOver: boolean;
  readonly mark: () => void;
  readonly fullscreen: () => void;
}): ReactNode {
  const { lineup, isMeasuring, isPaused, isOver, mark, fullscreen } = props;
  return (
    <>
      <Button
        disabled={!isMeasuring || (isOver && !isPaused)}
        onPress={lineup.togglePause}
        pressed={isPaused}
        shortcut="space"
        title="Freezes what is shown; measuring goes on"
      >
        Pause
      </Button>
      <Button
        disabled={!isMeasuring || isOver}
        onPress={mark}
        shortcut="m"
        title="Puts a note at this moment among the events"
      >
        Mark
      </Button>
      <Button
        disabled={!isMeasuring || isOver}
        onPress={lineup.reset}
        shortcut="r"
        title="Measures afresh from now on"
      >
        Reset
      </Button>
      <Button onPress={fullscreen} shortcut="f">
        Full screen
      </Button>
    </>
  );
}

/** Leaves what goes on, or begins what was left. */
function LeaveOrStart(props: {
  readonly lineup: Lineup;
  readonly doing: Doing;
  readonly isSeveral: boolean;
}): ReactNode {
  const { lineup, doing, isSeveral } = props;
  const isOn = doing.phase === "measuring" || doing.phase === "joining";
  if (isOn) return <Button onPress={lineup.stop}>{isSeveral ? "Leave all" : "Leave"}</Button>;
  return isSeveral ? <Button onPress={() => void lineup.start()}>Start all</Button> : null;
}

function Exports(props: {
  readonly lineup: Lineup;
  readonly receiver: Receiver;
  readonly isMeasuring: boolean;
}): ReactNode {
  const saveFigures = () => {
    const text = JSON.stringify(props.lineup.report());
    saveBlob(new Blob([text], { type: "application/json" }), "streamgauge-figures.json");
  };
  const save = async (kind: "csv" | "json") => {
    const session = props.receiver.session();
    if (session === null) return;
    const file = await (kind === "csv" ? session.toCsv() : session.toJson());
    saveBlob(file, `streamgauge-observations.${kind}`);
  };
  const storage = props.isMeasuring ? (props.receiver.session()?.storage() ?? null) : null;
  return (
    <>
      <Button disabled={!props.isMeasuring} onPress={() => void save("csv")} title="All observations">
        Save CSV
      </Button>
      <Button disabled={!props.isMeasuring} onPress={() => void save("json")} title="All observations">
        Save JSON
      </Button>
      <Button disabled={!props.isMeasuring} onPress={saveFigures} title="All figures and events, as JSON">
        Save figures
      </Button>
      {storage?.kind === "memory" && (
        <p className={parts["hint"]}>
          Only the newest {storage.keptCount} observations are kept: {storage.why}.
        </p>
      )}
    </>
  );
}
