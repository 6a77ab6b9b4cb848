import { useCallback, useId, useState, type ReactNode } from "react";

import { readPasted, sourceKinds, type PastedSource, type SourceKind } from "../../core/wire/source.ts";
import { joinInText } from "../../media/frames/scan-text.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { SelectField } from "../parts/Field.tsx";
import { TextField } from "../parts/TextField.tsx";
import { bufferChoice, syncChoice } from "./choices.ts";
import { sourcesOf } from "./files.ts";
import type { Lineup } from "./lineup.ts";
import { ScanDialog, type ScanJoin } from "./ScanDialog.tsx";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

type AddProps = {
  readonly lineup: Lineup;
  readonly scanJoin: ScanJoin;
  readonly title: string;
  readonly isBusy: boolean;
  /** What stands in the box at first. */
  readonly typed: string;
  /** Called once what was named is displayed. */
  readonly onAdded?: () => void;
};

const kindLabels = {
  auto: "Auto",
  hls: "HLS",
  dash: "DASH",
  whep: "WHEP",
  file: "File",
  screen: "Shared tab",
  camera: "Camera",
} as const satisfies Record<SourceKind, string>;
const kindChoices = sourceKinds
  .filter((kind) => kind !== "screen" && kind !== "camera")
  .map((value) => ({ value, label: kindLabels[value] }));

/** The one box: a join code, links and addresses pasted, a file dropped, a QR scanned, a tab shared, a camera. */
export function AddForm(props: AddProps): ReactNode {
  const { lineup, isBusy, onAdded } = props;
  const [typed, setTyped] = useState(props.typed);
  const [kind, setKind] = useState<SourceKind>("auto");
  const [isScanning, setScanning] = useState(false);
  const add = useCallback(
    (sources: readonly PastedSource[], by: SourceKind = "auto") => {
      void addAll(lineup, sources, by, onAdded);
    },
    [lineup, onAdded],
  );
  const submit = () => {
    const pasted = readPasted(joinInText(typed) ?? typed, location.origin);
    if (pasted.ok) add(pasted.value, kind);
    else lineup.refuse(pasted.failure);
  };
  const onScanned = useCallback(
    (code: string) => {
      setScanning(false);
      add([{ kind: "join", join: code }]);
    },
    [add],
  );
  return (
    <Card title={props.title}>
      <form
        className={styles["joinForm"]}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <AddFields {...props} kind={kind} setKind={setKind} setTyped={setTyped} typed={typed} />
        <AddButtons add={add} isBusy={isBusy} scan={() => setScanning(true)} typed={typed} />
        <p className={parts["hint"]}>
          A sender shows its code, a link and a QR once it sends. Addresses of HLS, DASH, WHEP, MP4 and WebM
          play here; a file may be dropped anywhere on this page.
        </p>
      </form>
      {isScanning && (
        <ScanDialog close={() => setScanning(false)} onJoin={onScanned} scanJoin={props.scanJoin} />
      )}
    </Card>
  );
}

/** Takes sources, and how they are to be played; found out where that is not said. */
type Add = (sources: readonly PastedSource[], by?: SourceKind) => void;

function AddButtons(props: {
  readonly add: Add;
  readonly scan: () => void;
  readonly isBusy: boolean;
  readonly typed: string;
}): ReactNode {
  const { add, scan, isBusy, typed } = props;
  return (
    <div className={parts["buttons"]}>
      <button className={`${parts["button"]} ${parts["primary"]}`} disabled={isBusy} type="submit">
        {isBusy ? "Joining…" : typed.includes(":") ? "Measure" : "Join"}
      </button>
      <Button disabled={isBusy} onPress={scan}>
        Scan QR
      </Button>
      <FileButton add={add} />
      <Button
        onPress={() => add([{ kind: "url", url: "screen:" }])}
        title="A tab, window or screen of this device"
      >
        Share a tab
      </Button>
      <Button onPress={() => add([{ kind: "url", url: "camera:" }])} title="A camera that films the screen">
        Film a screen
      </Button>
    </div>
  );
}

async function addAll(
  lineup: Lineup,
  sources: readonly PastedSource[],
  kind: SourceKind,
  onAdded: (() => void) | undefined,
): Promise<void> {
  const added = await lineup.add(sources, kind);
  if (added.ok) onAdded?.();
}

type FieldsProps = AddProps & {
  readonly setTyped: (typed: string) => void;
  readonly kind: SourceKind;
  readonly setKind: (kind: SourceKind) => void;
};

function AddFields(props: FieldsProps): ReactNode {
  const { isBusy, typed, setTyped } = props;
  const inputId = useId();
  return (
    <>
      <div className={parts["field"]}>
        <label className={parts["fieldLabel"]} htmlFor={inputId}>
          Join code, link or address
        </label>
        <input
          autoCapitalize="none"
          autoComplete="off"
          className={`${parts["input"]} ${typed.includes(":") ? "" : styles["code"]}`}
          disabled={isBusy}
          id={inputId}
          onChange={(event) => setTyped(event.target.value)}
          placeholder="XXXX-XXXX or https://…"
          spellCheck={false}
          value={typed}
        />
      </div>
      <HowPlayed {...props} />
    </>
  );
}

/** How what is named is played, and what is asked of its player. */
function HowPlayed({ lineup, kind, setKind }: FieldsProps): ReactNode {
  const [setup, setSetup] = useState(lineup.setup());
  const configure = (change: Parameters<Lineup["configure"]>[0]) => {
    lineup.configure(change);
    setSetup(lineup.setup());
  };
  return (
    <div className={styles["joinFields"]}>
      <SelectField
        choices={kindChoices}
        label="Played as"
        onChange={(value) => setKind(sourceKinds.find((known) => known === value) ?? "auto")}
        value={kind}
      />
      <SelectField
        choices={syncChoice.offer(setup.syncS)}
        label="Behind the live edge"
        onChange={(value) => configure({ syncS: syncChoice.fromText(value) })}
        value={syncChoice.toText(setup.syncS)}
      />
      <SelectField
        choices={bufferChoice.offer(setup.bufferMs)}
        label="Jitter buffer"
        onChange={(value) => configure({ bufferMs: bufferChoice.fromText(value) })}
        value={bufferChoice.toText(setup.bufferMs)}
      />
      {kind === "whep" && (
        <TextField
          complaint={null}
          kind="secret"
          label="Bearer token"
          onChange={(token) => configure({ token })}
          value={setup.token}
        />
      )}
    </div>
  );
}

function FileButton({ add }: { readonly add: Add }): ReactNode {
  const id = useId();
  return (
    <label className={`${parts["button"]} ${styles["fileButton"]}`} htmlFor={id}>
      Open a file
      <input
        accept="video/*"
        className={parts["visuallyHidden"]}
        id={id}
        multiple
        onChange={(event) => {
          add(sourcesOf(event.target.files));
          event.target.value = "";
        }}
        type="file"
      />
    </label>
  );
}
