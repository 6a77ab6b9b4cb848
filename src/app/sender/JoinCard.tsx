import type { ReactNode } from "react";

import type { PeerState, SenderSnapshot } from "../../core/wire/automation.ts";
import { showJoinCode } from "../../core/wire/signalling.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { CopyLink } from "../parts/CopyLink.tsx";
import { QrPicture } from "../parts/QrPicture.tsx";
import { StatePill } from "../parts/StatePill.tsx";
import { isLoopback, toPeerLine } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./sender.module.css";

/** How receivers join: the code to type, the link to copy, the QR to scan. */
export function JoinCard(props: {
  readonly doing: SenderSnapshot;
  readonly renewCode: () => void;
}): ReactNode {
  const { doing, renewCode } = props;
  if (doing.phase !== "sending" || doing.join === null) {
    return (
      <Card title="Join">
        {doing.phase === "sending" || doing.phase === "starting" ? (
          <p className={parts["hint"]}>Waiting for the server to give a join code…</p>
        ) : (
          <ol className={styles["steps"]}>
            <li>Start sending: a join code, a link and a QR come here.</li>
            <li>On another device open the link, scan the QR, or type the code under Receive.</li>
            <li>It shows latency, frame rate, loss and freezes as they are.</li>
          </ol>
        )}
      </Card>
    );
  }
  return (
    <Card title="Join">
      <div className={styles["join"]}>
        <div className={styles["column"]}>
          <output aria-label="Join code" className={styles["code"]}>
            {showJoinCode(doing.join)}
          </output>
          <p className={styles["link"]}>
            <a href={doing.link} rel="noreferrer" target="_blank">
              {doing.link}
            </a>
          </p>
          <div className={parts["buttons"]}>
            <CopyLink link={doing.link} />
            <Button
              onPress={renewCode}
              title="Starts again under another code: who has this one comes in no more"
            >
              New code
            </Button>
          </div>
          <LoopbackHint link={doing.link} />
        </div>
        <QrPicture label="QR of the link to the receiver" text={doing.link} />
      </div>
    </Card>
  );
}

/** Says so where a link opens on this device alone. */
export function LoopbackHint({ link }: { readonly link: string }): ReactNode {
  if (!isLoopback(new URL(link).hostname)) return null;
  return (
    <p className={parts["hint"]}>
      This link opens on this device alone. For others, open this page by one of the network addresses that
      the server printed when it started.
    </p>
  );
}

/** Who receives, and how each stands. */
export function PeersCard({ peers }: { readonly peers: readonly PeerState[] }): ReactNode {
  return (
    <Card aside={<span className={parts["hint"]}>{peers.length}</span>} flush title="Receivers">
      {peers.length === 0 ? (
        <p className={`${parts["cardBody"]} ${parts["hint"]}`}>Nobody has joined yet.</p>
      ) : (
        <ul className={styles["peers"]}>
          {peers.map((peer) => (
            <li key={peer.peerId}>
              <StatePill {...toPeerLine(peer)} />{" "}
              <span className={styles["peerId"]}>{peer.peerId.slice(0, 6)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
