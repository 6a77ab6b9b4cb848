import { useEffect, useRef, type ReactNode } from "react";
import { useStore } from "zustand";

import { unreachable } from "../../core/failure.ts";
import type { SenderSetup } from "../../core/wire/setup.ts";
import type { FileKind } from "../../media/publish/file/render.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { NumberField, SelectField } from "../parts/Field.tsx";
import { FailureNotice } from "../parts/Notice.tsx";
import type { FileJob, FileMaker } from "./file-store.ts";
import { toFileWords, toProgressWords } from "./file-view.ts";

import parts from "../parts/parts.module.css";
import styles from "./sender.module.css";

const kinds: readonly { readonly value: FileKind; readonly label: string }[] = [
  { value: "mp4", label: "MP4" },
  { value: "webm", label: "WebM" },
];

/** Renders the marked pictures of the setup to a file: nothing is sent, no frame is left out. */
export function FileCard(props: {
  readonly maker: FileMaker;
  readonly setup: SenderSetup;
  readonly isSending: boolean;
}): ReactNode {
  const { maker, setup, isSending } = props;
  const { choice, job } = useStore(maker.store);
  const isBusy = job.phase === "rendering";
  return (
    <Card title="To a file">
      <div className={styles["fields"]}>
        <SelectField
          choices={kinds}
          disabled={isBusy}
          label="Kind"
          onChange={(value) => {
            const chosen = kinds.find((kind) => kind.value === value);
            if (chosen !== undefined) maker.choose({ kind: chosen.value });
          }}
          value={choice.kind}
        />
        <NumberField
          disabled={isBusy}
          label="Length, s"
          max={3600}
          min={1}
          onChange={(durationS) => maker.choose({ durationS })}
          value={choice.durationS}
        />
        <div className={`${styles["wide"]} ${styles["column"]}`}>
          <JobLines job={job} />
          <div className={parts["buttons"]}>
            {isBusy ? (
              <Button onPress={maker.cancel}>Cancel</Button>
            ) : (
              <Button disabled={isSending} onPress={() => void maker.render(setup)}>
                Render a file
              </Button>
            )}
            {job.phase === "done" && (
              <Button onPress={maker.save} primary>
                Save {job.name}
              </Button>
            )}
          </div>
          <p className={parts["hint"]}>
            {isSending
              ? "Stop sending first: rendering takes the processor that sending needs."
              : "A file to upload to a provider, or to play anywhere. A video file as scene gets the marker laid over it, without its sound."}
          </p>
        </div>
      </div>
    </Card>
  );
}

function JobLines({ job }: { readonly job: FileJob }): ReactNode {
  switch (job.phase) {
    case "idle":
      return null;
    case "failed":
      return <FailureNotice failure={job.failure} />;
    case "rendering":
      return (
        <div>
          <progress
            aria-label="Frames rendered"
            className={styles["progress"]}
            max={job.progress?.frameCount ?? 1}
            value={job.progress?.doneCount ?? 0}
          />
          <p className={parts["hint"]}>{toProgressWords(job.progress)}</p>
        </div>
      );
    case "done":
      return (
        <div>
          <Playback blob={job.blob} />
          <p aria-live="polite" className={parts["hint"]}>
            {toFileWords(job)}
          </p>
        </div>
      );
    default:
      return unreachable(job);
  }
}

/** The file as this browser plays it. */
function Playback({ blob }: { readonly blob: Blob }): ReactNode {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const url = URL.createObjectURL(blob);
    if (video.current !== null) video.current.src = url;
    return () => URL.revokeObjectURL(url);
  }, [blob]);
  return (
    <video
      aria-label="The rendered file"
      className={styles["playback"]}
      controls
      muted
      playsInline
      ref={video}
    />
  );
}
