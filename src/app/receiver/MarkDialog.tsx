import { useEffect, useId, useRef, type ReactNode } from "react";

import { Button } from "../parts/Button.tsx";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

/** Longest note, characters. */
const longestNote = 200;

/** Asks for a note; the moment marked is when the note is put down. */
export function MarkDialog(props: {
  readonly mark: (note: string) => void;
  readonly close: () => void;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const inputId = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog aria-label="Mark this moment" className={styles["markDialog"]} onClose={props.close} ref={dialog}>
      <form
        className={styles["joinForm"]}
        onSubmit={(event) => {
          event.preventDefault();
          const note = new FormData(event.currentTarget).get("note");
          props.mark(typeof note === "string" && note.trim() !== "" ? note.trim() : "marked");
          props.close();
        }}
      >
        <div className={parts["field"]}>
          <label className={parts["fieldLabel"]} htmlFor={inputId}>
            Note for this moment
          </label>
          <input
            autoComplete="off"
            className={parts["input"]}
            id={inputId}
            maxLength={longestNote}
            name="note"
          />
        </div>
        <div className={parts["buttons"]}>
          <button className={`${parts["button"]} ${parts["primary"]}`} type="submit">
            Mark
          </button>
          <Button onPress={props.close}>Cancel</Button>
        </div>
      </form>
    </dialog>
  );
}
