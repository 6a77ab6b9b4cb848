import { useRef, type ReactNode } from "react";
import { useStore } from "zustand";

import { unreachable } from "../../core/failure.ts";
import type { SenderReport } from "../../core/wire/automation.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { toggleFullscreen } from "../parts/fullscreen.ts";
import { Header } from "../parts/Header.tsx";
import { FailureNotice } from "../parts/Notice.tsx";
import { Readouts, type Tone } from "../parts/Readouts.tsx";
import { useShortcuts } from "../parts/shortcuts.ts";
import { StatePill } from "../parts/StatePill.tsx";
import { JoinCard, PeersCard } from "./JoinCard.tsx";
import { PreviewStage } from "./PreviewStage.tsx";
import type { Sender, SenderState } from "./sender-store.ts";
import { SetupFields } from "./SetupFields.tsx";
import { toReportRows } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./sender.module.css";

/** The sender tab. */
export function SenderPage({ sender }: { readonly sender: Sender }): ReactNode {
  const { doing, preview } = useStore(sender.store);
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
        <StatePill {...toPill(doing)} />
      </Header>
      <main className={parts["main"]}>
        <h1 className={parts["visuallyHidden"]}>Send</h1>
        {doing.phase === "failed" && <FailureNotice failure={doing.failure} />}
        {preview.kind === "failed" && doing.phase !== "failed" && <FailureNotice failure={preview.failure} />}
        <div className={styles["grid"]}>
          <Card className={styles["picture"]} flush title="Picture">
            <PreviewStage preview={preview} ref={stage} />
            <div className={styles["controls"]}>
              <Button onPress={toggle} primary={!isBusy} shortcut="s">
                {isBusy ? "Stop" : "Start sending"}
              </Button>
              {preview.kind === "none" && (
                <Button onPress={() => void sender.openPreview()}>Show the picture</Button>
              )}
              <Button onPress={fullscreen} shortcut="f" title="For a camera to film: true glass to glass">
                Full screen
              </Button>
            </div>
          </Card>
          <div className={styles["side"]}>
            <JoinCard doing={doing} />
            {doing.phase === "sending" && <PeersCard peers={doing.peers} />}
            {doing.phase === "sending" && <SentCard report={doing.report} />}
          </div>
          <Card className={styles["setup"]} title="Setup">
            <SetupFields disabled={isBusy} sender={sender} setup={doing.setup} />
          </Card>
        </div>
      </main>
    </div>
  );
}

function SentCard({ report }: { readonly report: SenderReport | null }): ReactNode {
  return (
    <Card flush title="Really sent">
      {report === null ? (
        <p className={`${parts["cardBody"]} ${parts["hint"]}`}>The first report comes within a second.</p>
      ) : (
        <Readouts rows={toReportRows(report)} />
      )}
    </Card>
  );
}

function toPill(doing: SenderState["doing"]): {
  readonly tone: Tone;
  readonly state: string;
  readonly why?: string;
} {
  switch (doing.phase) {
    case "idle":
      return { tone: "plain", state: "Not sending" };
    case "starting":
      return { tone: "warn", state: "Starting" };
    case "sending":
      return doing.join === null
        ? { tone: "warn", state: "Sending", why: "waiting for the server: nobody new can join" }
        : { tone: "good", state: "Sending" };
    case "failed":
      return { tone: "bad", state: "Failed" };
    default:
      return unreachable(doing);
  }
}
