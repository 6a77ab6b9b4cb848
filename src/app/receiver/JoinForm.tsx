import { useCallback, useId, useState, type ReactNode } from "react";

import { checkJoinCode, type ReceiverSetup } from "../../core/wire/receiver-setup.ts";
import { showJoinCode } from "../../core/wire/signalling.ts";
import { joinInText } from "../../media/frames/scan-text.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { SelectField } from "../parts/Field.tsx";
import type { Receiver } from "./receiver-store.ts";
import { ScanDialog, type ScanJoin } from "./ScanDialog.tsx";
import { bufferChoices, fromBufferChoice, toBufferChoice, type Doing } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

/** Joins a stream by its code: typed, from a pasted link, or scanned. */
export function JoinForm(props: {
  readonly receiver: Receiver;
  readonly scanJoin: ScanJoin;
  readonly doing: Doing;
}): ReactNode {
  const { receiver, doing } = props;
  const { setup } = doing;
  const [typed, setTyped] = useState(setup.join === "" ? "" : showJoinCode(setup.join));
  const [isScanning, setScanning] = useState(false);
  const isJoining = doing.phase === "joining";
  const join = (text: string) => {
    const code = checkJoinCode(joinInText(text) ?? text);
    if (code.ok) void receiver.start({ join: code.value });
    else receiver.refuse(code.failure);
  };
  const onScanned = useCallback(
    (code: string) => {
      setScanning(false);
      setTyped(showJoinCode(code));
      void receiver.start({ join: code });
    },
    [receiver],
  );
  return (
    <Card title="Join">
      <form
        className={styles["joinForm"]}
        onSubmit={(event) => {
          event.preventDefault();
          join(typed);
        }}
      >
        <JoinFields
          isJoining={isJoining}
          receiver={receiver}
          setTyped={setTyped}
          setup={setup}
          typed={typed}
        />
        <div className={parts["buttons"]}>
          <button className={`${parts["button"]} ${parts["primary"]}`} disabled={isJoining} type="submit">
            {isJoining ? "Joining…" : "Join"}
          </button>
          <Button disabled={isJoining} onPress={() => setScanning(true)}>
            Scan QR
          </Button>
        </div>
        <p className={parts["hint"]}>The sender shows the code, a link and a QR once it sends.</p>
      </form>
      {isScanning && (
        <ScanDialog close={() => setScanning(false)} onJoin={onScanned} scanJoin={props.scanJoin} />
      )}
    </Card>
  );
}

function JoinFields(props: {
  readonly receiver: Receiver;
  readonly setup: ReceiverSetup;
  readonly isJoining: boolean;
  readonly typed: string;
  readonly setTyped: (typed: string) => void;
}): ReactNode {
  const { receiver, setup, isJoining, typed, setTyped } = props;
  const inputId = useId();
  return (
    <div className={styles["joinFields"]}>
      <div className={parts["field"]}>
        <label className={parts["fieldLabel"]} htmlFor={inputId}>
          Join code or link
        </label>
        <input
          autoCapitalize="characters"
          autoComplete="off"
          className={`${parts["input"]} ${styles["code"]}`}
          disabled={isJoining}
          id={inputId}
          onChange={(event) => setTyped(event.target.value)}
          placeholder="XXXX-XXXX"
          spellCheck={false}
          value={typed}
        />
      </div>
      <SelectField
        choices={bufferChoices(setup.bufferMs)}
        disabled={isJoining}
        label="Jitter buffer"
        onChange={(value) => receiver.configure({ bufferMs: fromBufferChoice(value) })}
        value={toBufferChoice(setup.bufferMs)}
      />
    </div>
  );
}
