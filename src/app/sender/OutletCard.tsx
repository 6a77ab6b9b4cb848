import type { ReactNode } from "react";

import type { OutletState, SenderSnapshot } from "../../core/wire/automation.ts";
import { Card } from "../parts/Card.tsx";
import { CopyLink } from "../parts/CopyLink.tsx";
import { QrPicture } from "../parts/QrPicture.tsx";
import { StatePill } from "../parts/StatePill.tsx";
import { LoopbackHint } from "./JoinCard.tsx";
import { toOutletLine } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./sender.module.css";

/** What viewers open where there is no room to join: the receiver's link for the stream, and the stream's own address. */
export function OutletCard({ doing }: { readonly doing: SenderSnapshot }): ReactNode {
  if (doing.phase !== "sending" || doing.outlet === null)
    return (
      <Card title="Watch">
        <p className={parts["hint"]}>
          {doing.phase === "starting" || doing.phase === "sending"
            ? "The way out is being opened…"
            : "Start sending, and what viewers open stands here."}
        </p>
      </Card>
    );
  const { outlet, link } = doing;
  // Why it stands so is said at the top of the page.
  const { tone, state } = toOutletLine(outlet);
  return (
    <Card aside={<StatePill state={state} tone={tone} />} title="Watch">
      {outlet.playUrl === null ? (
        <p className={parts["hint"]}>
          The server that takes this stream knows where it is played: paste that address into the receiver.
        </p>
      ) : (
        <Links link={link} outlet={outlet} playUrl={outlet.playUrl} />
      )}
    </Card>
  );
}

function Links(props: {
  readonly outlet: OutletState;
  readonly playUrl: string;
  readonly link: string;
}): ReactNode {
  const { playUrl, link } = props;
  return (
    <div className={styles["join"]}>
      <div className={styles["column"]}>
        <div>
          <h3 className={parts["fieldLabel"]}>Measure it in the receiver</h3>
          <p className={styles["link"]}>
            <a href={link} rel="noreferrer" target="_blank">
              {link}
            </a>
          </p>
        </div>
        <div>
          <h3 className={parts["fieldLabel"]}>The stream, for any player</h3>
          <output aria-label="Address of the stream" className={styles["link"]}>
            {playUrl}
          </output>
        </div>
        <div className={parts["buttons"]}>
          <CopyLink link={link} />
          <CopyLink label="Copy stream address" link={playUrl} />
        </div>
        <LoopbackHint link={playUrl} />
      </div>
      <QrPicture label="QR of the link to the receiver" text={link} />
    </div>
  );
}
