import { useId, useState, type ReactNode } from "react";

import type { Failure } from "../../core/failure.ts";
import type { StreamEvent } from "../../core/timeline/event.ts";
import type { Snapshot } from "../../core/timeline/snapshot.ts";
import { createRunsLink } from "../../media/link/runs.ts";
import { Button } from "./Button.tsx";
import { FailureNotice } from "./Notice.tsx";
import { newRunId, toRunFile } from "./run-file.ts";
import { keptToken } from "./server-token.ts";
import { TokenForm } from "./TokenForm.tsx";

import parts from "./parts.module.css";

/** What a session tells of its stream. */
export type KeepSource = {
  readonly snapshot: () => Snapshot;
  readonly events: () => readonly StreamEvent[];
  readonly toJson: () => Promise<Blob>;
  /** How it is played. */
  readonly way: string;
  readonly label: string;
};

/** How keeping stands. */
type Keeping =
  | { readonly phase: "idle" }
  | { readonly phase: "naming" }
  | { readonly phase: "sending" }
  | { readonly phase: "kept"; readonly runId: string }
  | { readonly phase: "locked" }
  | { readonly phase: "failed"; readonly failure: Failure };

/** Keeps what was measured so far as a run on the server, under the name of a provider. */
export function KeepRun(props: { readonly source: KeepSource | null; readonly address: string }): ReactNode {
  const { source, address } = props;
  const [keeping, setKeeping] = useState<Keeping>({ phase: "idle" });
  const keep = async (provider: string) => {
    if (source === null) return;
    setKeeping({ phase: "sending" });
    setKeeping(await send(source, provider, address));
  };
  return (
    <>
      <Button
        disabled={source === null || keeping.phase === "sending"}
        onPress={() => setKeeping({ phase: keeping.phase === "naming" ? "idle" : "naming" })}
        title="Keeps all that was measured so far on the server, to be compared later"
      >
        {keeping.phase === "sending" ? "Keeping…" : "Keep this run"}
      </Button>
      {keeping.phase === "naming" && <NameForm keep={keep} label={source?.label ?? ""} />}
      {keeping.phase === "locked" && <TokenForm onKept={() => setKeeping({ phase: "naming" })} />}
      {keeping.phase === "failed" && <FailureNotice failure={keeping.failure} />}
      {keeping.phase === "kept" && (
        <output>
          Kept. <a href={`/runs?run=${keeping.runId}`}>See the run</a>
        </output>
      )}
    </>
  );
}

async function send(source: KeepSource, provider: string, address: string): Promise<Keeping> {
  const nowMs = performance.timeOrigin + performance.now();
  const runId = newRunId(nowMs);
  const file = await toRunFile(
    {
      runId,
      provider,
      address,
      kind: source.way,
      snapshot: source.snapshot(),
      events: source.events(),
      nowUs: Math.round(nowMs * 1000),
      machine: {
        host: "",
        system: navigator.platform,
        cpu: "",
        coreCount: navigator.hardwareConcurrency,
        memoryBytes: 0,
        node: "",
        browser: navigator.userAgent,
        streamgauge: "",
      },
    },
    await source.toJson(),
  );
  const link = createRunsLink({ fetch: (url, init) => fetch(url, init), token: keptToken.read });
  const imported = await link.importFile(file);
  if (imported.ok) return { phase: "kept", runId };
  return "locked" in imported ? { phase: "locked" } : { phase: "failed", failure: imported.failure };
}

function NameForm(props: {
  readonly label: string;
  readonly keep: (provider: string) => Promise<void>;
}): ReactNode {
  const id = useId();
  const [name, setName] = useState(props.label);
  return (
    <form
      className={parts["buttons"]}
      onSubmit={(event) => {
        event.preventDefault();
        void props.keep(name.trim() === "" ? props.label : name.trim());
      }}
    >
      <label className={parts["visuallyHidden"]} htmlFor={id}>
        Provider’s name
      </label>
      <input
        className={parts["input"]}
        id={id}
        maxLength={200}
        onChange={(event) => setName(event.target.value)}
        placeholder="Provider’s name"
        value={name}
      />
      <button className={`${parts["button"]} ${parts["primary"]}`} type="submit">
        Keep
      </button>
    </form>
  );
}
