import { useEffect, useRef, type ReactNode, type Ref } from "react";

import type { Preview } from "./pictures.ts";

import parts from "../parts/parts.module.css";

const words = {
  none: "No picture is open",
  opening: "Opening the picture…",
  failed: "The picture could not be opened",
} as const;

/** The pictures as they are sent; its element can go full screen for a camera to film. */
export function PreviewStage({
  preview,
  ref,
}: {
  readonly preview: Preview;
  readonly ref: Ref<HTMLDivElement>;
}): ReactNode {
  const video = useRef<HTMLVideoElement>(null);
  const track = preview.kind === "live" ? preview.source.track : null;
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = track === null ? null : new MediaStream([track]);
  }, [track]);
  return (
    <div className={parts["stage"]} ref={ref}>
      <video aria-label="Preview of what is sent" autoPlay muted playsInline ref={video} />
      {preview.kind !== "live" && <p className={parts["stageWords"]}>{words[preview.kind]}</p>}
    </div>
  );
}
