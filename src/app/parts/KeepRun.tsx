import { useEffect, useId, useRef, useState, type ReactNode } from "react";

import type { Failure } from "../../core/failure.ts";
import type { StreamEvent } from "../../core/timeline/event.ts";
import type { Snapshot } from "../../core/timeline/snapshot.ts";
import { createRunsLink } from "../../media/link/runs.ts";
import { realTimers } from "../../media/link/timers.ts";
import { Button } from "./Button.tsx";
import { keepUntilKept } from "./keep-until.ts";
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
  /** The server is away: what was measured until Keep was pressed is held, and sent again. */
  | { readonly phase: "waiting" }
  | { readonly phase: "kept"; readonly runId: string }
  | { readonly phase: "locked" }
  | { readonly phase: "failed"; readonly failure: Failure };

/** Keeps what was measured so far as a run on the server, under the name of a provider. */
export function KeepRun(props: { readonly source: KeepSource | null; readonly address: string }): ReactNode {
  const { source, address } = props;
  const [keeping, setKeeping] = useState<Keeping>({ phase: "idle" });
  const gone = useRef<AbortController | null>(null);
  useEffect(() => () => gone.current?.abort(), []);
  const keep = async (provider: string) => {
    if (source === null) return;
    gone.current = new AbortController();
    setKeeping({ phase: "sending" });
    const run = await fileOf(source, provider, address);
    await keepUntilKept(() => send(run), setKeeping, realTimers, gone.current.signal);
  };
  const isUnderWay = keeping.phase === "sending" || keeping.phase === "waiting";
  return (
    <>
      <Button
        disabled={source === null || isUnderWay}
        onPress={() => setKeeping({ phase: keeping.phase === "naming" ? "idle" : "naming" })}
        title="Keeps all that was measured so far on the server, to be compared later"
      >
        {isUnderWay ? "Keeping…" : "Keep this run"}
      </Button>
      <Standing
        keep={keep}
        keeping={keeping}
        label={source?.label ?? ""}
        nameAgain={() => setKeeping({ phase: "naming" })}
      />
    </>
  );
}

/** What keeping asks for or came to, under the row of buttons. */
function Standing(props: {
  readonly keeping: Keeping;
  readonly label: string;
  readonly keep: (provider: string) => Promise<void>;
  readonly nameAgain: () => void;
}): ReactNode {
  const { keeping, label, keep, nameAgain } = props;
  if (keeping.phase === "idle" || keeping.phase === "sending") return null;
  return (
    <div className={parts["wholeRow"]}>
      {keeping.phase === "naming" && <NameForm keep={keep} label={label} />}
      {keeping.phase === "locked" && <TokenForm onKept={nameAgain} />}
      {keeping.phase === "waiting" && (
        <output>The server is away. What was measured is held here, and kept as soon as it is back.</output>
      )}
      {keeping.phase === "failed" && <FailureNotice failure={keeping.failure} />}
      {keeping.phase === "kept" && (
        <output>
          Kept. <a href={`/runs?run=${keeping.runId}`}>See the run</a>
        </output>
      )}
    </div>
  );
}

type RunFile = { readonly runId: string; readonly file: Blob };

/** Sent twice it is one run: its id says so. */
async function send({ runId, file }: RunFile): Promise<Keeping> {
  const link = createRunsLink({ fetch: (url, init) => fetch(url, init), token: keptToken.read });
  const imported = await link.importFile(file);
  if (imported.ok) return { phase: "kept", runId };
  if ("locked" in imported) return { phase: "locked" };
  const { failure } = imported;
  return failure.kind === "unreachable" ? { phase: "waiting" } : { phase: "failed", failure };
}

async function fileOf(source: KeepSource, provider: string, address: string): Promise<RunFile> {
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
  return { runId, file };
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
      <label className={parts["fieldLabel"]} htmlFor={id}>
        Provider’s name
      </label>
      <input
        className={`${parts["input"]} ${parts["short"]}`}
        id={id}
        maxLength={200}
        onChange={(event) => setName(event.target.value)}
        value={name}
      />
      <button className={`${parts["button"]} ${parts["primary"]}`} type="submit">
        Keep
      </button>
    </form>
  );
}
