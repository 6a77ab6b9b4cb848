import type { ReactNode } from "react";

import { writeReceiverSetup } from "../../core/wire/receiver-setup.ts";
import { Button } from "../parts/Button.tsx";
import { CopyLink } from "../parts/CopyLink.tsx";
import { saveBlob } from "../parts/save.ts";
import type { Receiver } from "./receiver-store.ts";
import type { Doing } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

/** What can be done with the stream being measured. */
export function Controls(props: {
  readonly receiver: Receiver;
  readonly doing: Doing;
  readonly mark: () => void;
  readonly fullscreen: () => void;
}): ReactNode {
  const { receiver, doing, mark, fullscreen } = props;
  const isMeasuring = doing.phase === "measuring";
  const link = `${location.origin}/receiver?${writeReceiverSetup({ ...doing.setup, start: true })}`;
  return (
    <div className={styles["controls"]}>
      <Button
        disabled={!isMeasuring}
        onPress={receiver.togglePause}
        pressed={doing.isPaused}
        shortcut="space"
        title="Freezes what is shown; measuring goes on"
      >
        Pause
      </Button>
      <Button disabled={!isMeasuring} onPress={mark} shortcut="m">
        Mark
      </Button>
      <Button
        disabled={!isMeasuring}
        onPress={receiver.reset}
        shortcut="r"
        title="Measures afresh from now on"
      >
        Reset
      </Button>
      <Button onPress={fullscreen} shortcut="f">
        Full screen
      </Button>
      <Exports isMeasuring={isMeasuring} receiver={receiver} />
      {doing.setup.join !== "" && <CopyLink link={link} />}
      {(isMeasuring || doing.phase === "joining") && <Button onPress={receiver.stop}>Leave</Button>}
    </div>
  );
}

function Exports(props: { readonly receiver: Receiver; readonly isMeasuring: boolean }): ReactNode {
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
      {storage?.kind === "memory" && (
        <p className={parts["hint"]}>
          Only the newest {storage.keptCount} observations are kept: {storage.why}.
        </p>
      )}
    </>
  );
}
