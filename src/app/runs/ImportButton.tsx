import { useRef, useState, type ReactNode } from "react";

import type { Failure } from "../../core/failure.ts";
import type { RunsLink } from "../../media/link/runs.ts";
import { Button } from "../parts/Button.tsx";

import parts from "../parts/parts.module.css";

/** Picks a run file and sends it to the server. */
export function ImportButton(props: {
  readonly link: RunsLink;
  readonly onImported: (runIds: readonly string[]) => void;
  readonly onRefused: (failure: Failure) => void;
}): ReactNode {
  const { link, onImported, onRefused } = props;
  const input = useRef<HTMLInputElement>(null);
  const [isSending, setSending] = useState(false);
  const send = async (file: File | undefined) => {
    if (file === undefined) return;
    setSending(true);
    const imported = await link.importFile(file);
    setSending(false);
    if (imported.ok) onImported(imported.value.runIds);
    else onRefused(imported.failure);
  };
  return (
    <>
      <Button
        disabled={isSending}
        onPress={() => input.current?.click()}
        title="A file that was exported from a Runs tab"
      >
        {isSending ? "Importing…" : "Import"}
      </Button>
      <input
        accept=".gz,.jsonl"
        aria-label="Run file"
        className={parts["visuallyHidden"]}
        onChange={(event) => {
          void send(event.target.files?.[0]);
          // The same file again is a change again.
          event.target.value = "";
        }}
        ref={input}
        tabIndex={-1}
        type="file"
      />
    </>
  );
}
