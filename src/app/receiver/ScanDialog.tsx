import { useEffect, useRef, useState, type ReactNode } from "react";

import type { Failure, Result } from "../../core/failure.ts";
import { Button } from "../parts/Button.tsx";
import { FailureNotice } from "../parts/Notice.tsx";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

/** What a camera has seen so far: `null` nothing, else the text of a QR that was refused and why. */
export type ScanJoin = (
  video: HTMLVideoElement,
  signal: AbortSignal,
  onForeign: (failure: Failure) => void,
) => Promise<Result<string>>;

/** Scans the sender's QR with this device's camera and hands its join code on. */
export function ScanDialog(props: {
  readonly scanJoin: ScanJoin;
  readonly onJoin: (join: string) => void;
  readonly close: () => void;
}): ReactNode {
  const { scanJoin, onJoin, close } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    dialog.current?.showModal();
    const scanning = new AbortController();
    if (video.current !== null) {
      void runScan(scanJoin, video.current, scanning.signal, { onJoin, setFailure });
    }
    return () => scanning.abort(new Error("the scan was closed"));
  }, [scanJoin, onJoin]);
  return (
    <dialog aria-label="Scan the sender's QR" className={styles["markDialog"]} onClose={close} ref={dialog}>
      <div className={styles["joinForm"]}>
        <video
          aria-label="What the camera sees"
          autoPlay
          className={styles["mirror"]}
          muted
          playsInline
          ref={video}
        />
        {failure === null ? (
          <p className={parts["hint"]}>Hold the sender's QR into the picture.</p>
        ) : (
          <FailureNotice failure={failure} />
        )}
        <div className={parts["buttons"]}>
          <Button onPress={close}>Close</Button>
        </div>
      </div>
    </dialog>
  );
}

async function runScan(
  scanJoin: ScanJoin,
  video: HTMLVideoElement,
  signal: AbortSignal,
  tell: { readonly onJoin: (join: string) => void; readonly setFailure: (failure: Failure) => void },
): Promise<void> {
  const scanned = await scanJoin(video, signal, tell.setFailure);
  if (signal.aborted) return;
  if (scanned.ok) tell.onJoin(scanned.value);
  else tell.setFailure(scanned.failure);
}
