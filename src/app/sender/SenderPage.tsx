import { useRef, type ReactNode, type Ref } from "react";
import { useStore } from "zustand";

import type { SenderReport, SenderSnapshot } from "../../core/wire/automation.ts";
import type { PublishWay } from "../../media/publish/way.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { toggleFullscreen } from "../parts/fullscreen.ts";
import { Header } from "../parts/Header.tsx";
import { FailureNotice } from "../parts/Notice.tsx";
import { Readouts } from "../parts/Readouts.tsx";
import { useShortcuts } from "../parts/shortcuts.ts";
import { StatePill } from "../parts/StatePill.tsx";
import { toFigureTable } from "../parts/table-file.ts";
import { TakeAway } from "../parts/TakeAway.tsx";
import type { FileMaker } from "./file-store.ts";
import { FileCard } from "./FileCard.tsx";
import { JoinCard, PeersCard } from "./JoinCard.tsx";
import { OutletCard } from "./OutletCard.tsx";
import { PreviewStage } from "./PreviewStage.tsx";
import type { Sender } from "./sender-store.ts";
import { SetupFields } from "./SetupFields.tsx";
import { toReportRows, toSenderPill } from "./view.ts";
import { WayFields } from "./WayFields.tsx";

import parts from "../parts/parts.module.css";
import styles from "./sender.module.css";

/** The sender tab. */
export function SenderPage(props: {
  readonly sender: Sender;
  readonly files: FileMaker;
  readonly ways: readonly PublishWay[];
}): ReactNode {
  const { sender, ways, files } = props;
  const { doing, preview, refused } = useStore(sender.store);
  const stage = useRef<HTMLDivElement>(null);
  const isBusy = doing.phase === "sending" || doing.phase === "starting";
  const toggle = () => {
    if (isBusy) sender.stop();
    else void sender.start();
  };
  const fullscreen = () => toggleFullscreen(stage.current);
  useShortcuts({ f: fullscreen, s: toggle });

  return (
    <div className={parts["page"]}>
      <Header here="sender">
        <StatePill {...toSenderPill(doing)} />
      </Header>
      <main className={parts["main"]}>
        <h1 className={parts["visuallyHidden"]}>Send</h1>
        {doing.phase === "failed" && <FailureNotice failure={doing.failure} />}
        {preview.kind === "failed" && doing.phase !== "failed" && <FailureNotice failure={preview.failure} />}
        <div className={styles["grid"]}>
          <PictureCard
            fullscreen={fullscreen}
            isBusy={isBusy}
            sender={sender}
            stage={stage}
            toggle={toggle}
          />
          <div className={styles["side"]}>
            <WatchCards doing={doing} renewCode={() => void sender.renewCode()} />
            {doing.phase === "sending" && <SentCard report={doing.report} />}
          </div>
          <div className={styles["setup"]}>
            <Card title="Way out">
              <WayFields
                disabled={isBusy}
                refused={refused}
                sender={sender}
                setup={doing.setup}
                ways={ways}
              />
            </Card>
            <Card title="Setup">
              <SetupFields disabled={isBusy} sender={sender} setup={doing.setup} ways={ways} />
            </Card>
            <FileCard isSending={isBusy} maker={files} setup={doing.setup} />
          </div>
        </div>
      </main>
    </div>
  );
}

function PictureCard(props: {
  readonly sender: Sender;
  readonly stage: Ref<HTMLDivElement>;
  readonly isBusy: boolean;
  readonly toggle: () => void;
  readonly fullscreen: () => void;
}): ReactNode {
  const { sender, stage, isBusy, toggle, fullscreen } = props;
  const preview = useStore(sender.store, (state) => state.preview);
  const showToCamera = () => {
    fullscreen();
    void sender.start({ scene: "marker" });
  };
  return (
    <Card className={styles["picture"]} flush title="Picture">
      <PreviewStage preview={preview} ref={stage} />
      <div className={`${parts["cardBody"]} ${parts["buttons"]}`}>
        <Button onPress={toggle} primary={!isBusy} shortcut="s">
          {isBusy ? "Stop" : "Start sending"}
        </Button>
        {preview.kind === "none" && (
          <Button onPress={() => void sender.openPreview()}>Show the picture</Button>
        )}
        <Button onPress={fullscreen} shortcut="f" title="The picture as it is sent">
          Full screen
        </Button>
        {!isBusy && (
          <Button
            onPress={showToCamera}
            title="Sends the marker alone, full screen, for a receiver’s camera to film: true glass to glass"
          >
            Show to a camera
          </Button>
        )}
      </div>
    </Card>
  );
}

/** How viewers come: into a room, or to a stream that stands somewhere. */
function WatchCards(props: { readonly doing: SenderSnapshot; readonly renewCode: () => void }): ReactNode {
  const { doing, renewCode } = props;
  const isDirect = doing.setup.via === "peer";
  if (!isDirect)
    return (
      <>
        <OutletCard doing={doing} />
        {doing.phase === "sending" && doing.setup.control && <PeersCard peers={doing.peers} />}
      </>
    );
  return (
    <>
      <JoinCard doing={doing} renewCode={renewCode} />
      {doing.phase === "sending" && <PeersCard peers={doing.peers} />}
    </>
  );
}

function SentCard({ report }: { readonly report: SenderReport | null }): ReactNode {
  return (
    <Card
      aside={
        report !== null && (
          <TakeAway
            json={() => report}
            name={`streamgauge-sent-${report.runNumber}`}
            table={() => toFigureTable(toReportRows(report))}
          />
        )
      }
      flush
      title="Really sent"
    >
      {report === null ? (
        <p className={`${parts["cardBody"]} ${parts["hint"]}`}>The first report comes within a second.</p>
      ) : (
        <Readouts rows={toReportRows(report)} />
      )}
    </Card>
  );
}
