import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";

import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { atSizeOf, differenceGain, drawDifference, drawLuma } from "./pictures.ts";
import type { WorstFrame } from "./score-state.ts";

import parts from "../parts/parts.module.css";
import styles from "./score.module.css";

/** The worst frames: reference, what was received, and how they differ. */
export function WorstCard({ worst }: { readonly worst: readonly WorstFrame[] }): ReactNode {
  const [chosen, setChosen] = useState(0);
  const frame = worst[chosen] ?? worst[0];
  if (frame === undefined) return null;
  return (
    <Card title="Worst frames">
      <div className={styles["worst"]}>
        <div className={parts["buttons"]}>
          {worst.map(({ score }, index) => (
            <Button key={score.frame} onPress={() => setChosen(index)} pressed={frame === worst[index]}>
              {`${score.frame}: ${score.vmaf.toFixed(1)}`}
            </Button>
          ))}
        </div>
        <Pictures frame={frame} />
        <p className={parts["hint"]}>
          {`Luma of frame ${frame.score.frame}. The difference is enlarged ${differenceGain} times; grey is none.`}
        </p>
      </div>
    </Card>
  );
}

function Pictures({ frame }: { readonly frame: WorstFrame }): ReactNode {
  const { reference } = frame;
  const received = useMemo(() => atSizeOf(frame.reference, frame.received), [frame]);
  return (
    <div className={styles["pictures"]}>
      <Picture label="Reference" paint={(canvas) => drawLuma(canvas, reference)} />
      <Picture label="Received" paint={(canvas) => drawLuma(canvas, received)} />
      <Picture label="Difference" paint={(canvas) => drawDifference(canvas, reference, received)} />
    </div>
  );
}

function Picture(props: {
  readonly label: string;
  readonly paint: (canvas: HTMLCanvasElement) => void;
}): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { paint, label } = props;
  useEffect(() => {
    if (canvas.current !== null) paint(canvas.current);
  }, [paint]);
  return (
    <figure className={styles["picture"]}>
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a canvas that is painted is a picture, and no img can be */}
      <canvas aria-label={label} ref={canvas} role="img" />
      <figcaption>{label}</figcaption>
    </figure>
  );
}
