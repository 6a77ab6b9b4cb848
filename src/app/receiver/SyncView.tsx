import { useEffect, useRef, useState, type ReactNode } from "react";

import type { Still } from "../../media/play/stills.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { Swatch } from "../parts/Swatch.tsx";
import type { LineupEntry } from "./lineup-entry.ts";
import { labelOf } from "./lineup-setup.ts";
import { chooseMoment, type Moment } from "./moment.ts";

import parts from "../parts/parts.module.css";
import styles from "./compare.module.css";

const lookEveryMs = 1000;

/** The same instant of every stream, side by side: the newest frame that all have displayed. */
export function SyncView({ entries }: { readonly entries: readonly LineupEntry[] }): ReactNode {
  const [moment, setMoment] = useState<Moment | null>(null);
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return undefined;
    const look = () => {
      const next = chooseMoment(entries.map(({ stills }) => stills.list()));
      setMoment((before) =>
        before?.frameId === next?.frameId && before?.runNumber === next?.runNumber ? before : next,
      );
    };
    look();
    const timer = setInterval(look, lookEveryMs);
    return () => clearInterval(timer);
  }, [entries, isHeld]);
  return (
    <Card
      aside={
        <Button disabled={moment === null} onPress={() => setHeld(!isHeld)} pressed={isHeld}>
          Hold
        </Button>
      }
      flush
      title="The same instant"
    >
      {moment === null ? (
        <p className={`${parts["cardBody"]} ${parts["hint"]}`}>
          No frame with a marker has been displayed by all streams yet. A slow stream shows it later.
        </p>
      ) : (
        <>
          <p className={`${parts["cardBody"]} ${parts["hint"]}`}>
            Frame {moment.frameId} of run {moment.runNumber}, as each stream displayed it.
          </p>
          <div className={styles["stills"]}>
            {entries.map((entry) => (
              <StillFigure entry={entry} key={entry.id} moment={moment} />
            ))}
          </div>
        </>
      )}
    </Card>
  );
}

function StillFigure({ entry, moment }: { readonly entry: LineupEntry; readonly moment: Moment }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const still = find(entry, moment);
  useEffect(() => {
    if (canvas.current !== null && still !== null) draw(canvas.current, still.bitmap);
  }, [still]);
  return (
    <figure className={styles["still"]}>
      {still === null ? (
        <p className={styles["noStill"]}>no picture of this frame</p>
      ) : (
        <canvas ref={canvas} />
      )}
      <figcaption>
        <Swatch nth={entry.id} />
        {labelOf(entry.receiver.store.getState().setup)}
      </figcaption>
    </figure>
  );
}

function find({ stills }: LineupEntry, { runNumber, frameId }: Moment): Still | null {
  return stills.list().find((still) => still.runNumber === runNumber && still.frameId === frameId) ?? null;
}

function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  // A picture that was let go meanwhile has no size.
  if (bitmap.width === 0) return;
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
}
