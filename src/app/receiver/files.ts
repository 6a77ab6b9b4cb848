import { useEffect } from "react";

import type { PastedSource } from "../../core/wire/source.ts";
import { addressOfFile } from "./lineup-setup.ts";
import type { Lineup } from "./lineup.ts";

/** Files of the user's as streams to measure. */
export function sourcesOf(files: FileList | null): readonly PastedSource[] {
  return [...(files ?? [])].map((file) => ({ kind: "url", url: addressOfFile(file) }));
}

/** Files may be dropped anywhere on the page, at any time; they are measured beside what is measured already. */
export function useDroppedFiles(lineup: Lineup): void {
  useEffect(() => {
    const onDrop = (event: DragEvent) => {
      // A field took it, which asked for some other file.
      if (event.defaultPrevented) return;
      event.preventDefault();
      const sources = sourcesOf(event.dataTransfer?.files ?? null);
      if (sources.length > 0) void lineup.add(sources, "auto");
    };
    addEventListener("dragover", allowDrop);
    addEventListener("drop", onDrop);
    return () => {
      removeEventListener("dragover", allowDrop);
      removeEventListener("drop", onDrop);
    };
  }, [lineup]);
}

/** Without it the browser leaves the page for the file. */
function allowDrop(event: DragEvent): void {
  event.preventDefault();
}
