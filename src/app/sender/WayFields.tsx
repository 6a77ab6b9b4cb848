import type { ReactNode } from "react";

import { unreachable } from "../../core/failure.ts";
import type { SenderSetup } from "../../core/wire/setup.ts";
import type { PublishWay, WayField } from "../../media/publish/way.ts";
import { SelectField } from "../parts/Field.tsx";
import { CheckField, TextField } from "../parts/TextField.tsx";
import type { RefusedTexts, Sender } from "./sender-store.ts";
import { toFieldChoices, toWayChange, toWayFields } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./sender.module.css";

/** Which way the stream goes, and what that way has to know. */
export function WayFields(props: {
  readonly sender: Sender;
  readonly setup: SenderSetup;
  readonly refused: RefusedTexts;
  readonly ways: readonly PublishWay[];
  readonly disabled: boolean;
}): ReactNode {
  const { sender, setup, refused, ways, disabled } = props;
  const way = ways.find(({ id }) => id === setup.via) ?? null;
  return (
    <div className={styles["fields"]}>
      <div className={`${parts["field"]} ${styles["wide"]}`}>
        <SelectField
          choices={ways.map(({ id, label }) => ({ value: id, label }))}
          disabled={disabled}
          label="Send by"
          onChange={(value) => {
            const chosen = ways.find(({ id }) => id === value);
            if (chosen !== undefined) sender.configure(toWayChange(chosen, setup));
          }}
          value={setup.via}
        />
        <p className={parts["hint"]}>{way?.about}</p>
      </div>
      {toWayFields(way, setup).map(({ field, text }) => (
        <OneField
          complaint={refused[field.key]?.failure.next ?? null}
          disabled={disabled}
          field={field}
          key={field.key}
          onChange={(typed) => sender.enter(field.key, typed)}
          text={refused[field.key]?.text ?? text}
        />
      ))}
      {setup.via !== "peer" && (
        <CheckField
          className={styles["wide"]}
          checked={setup.control}
          disabled={disabled}
          hint="Sends the same frames directly as well: the receiver compares frame by frame, and no clock is in it."
          label="With a direct control"
          onChange={(checked) => sender.enter("control", checked ? "1" : "0")}
        />
      )}
    </div>
  );
}

function OneField(props: {
  readonly field: WayField;
  readonly text: string;
  readonly complaint: string | null;
  readonly disabled: boolean;
  readonly onChange: (text: string) => void;
}): ReactNode {
  const { field, text, complaint, disabled, onChange } = props;
  const { control, label, hint } = field;
  switch (control.kind) {
    case "choice":
      return (
        <div className={parts["field"]}>
          <SelectField
            choices={toFieldChoices(control.choices, text)}
            disabled={disabled}
            label={label}
            onChange={onChange}
            value={text}
          />
          <p className={parts["hint"]}>{hint}</p>
        </div>
      );
    case "flag":
      return (
        <CheckField
          className={styles["checks"]}
          checked={text === "1"}
          disabled={disabled}
          hint={hint}
          label={label}
          onChange={(checked) => onChange(checked ? "1" : "0")}
        />
      );
    case "text":
    case "secret":
    case "lines":
      return (
        <TextField
          className={styles["wide"]}
          complaint={complaint}
          disabled={disabled}
          hint={hint}
          kind={control.kind === "text" ? "line" : control.kind}
          label={label}
          onChange={onChange}
          placeholder={control.kind === "secret" ? undefined : control.placeholder}
          value={text}
        />
      );
    default:
      return unreachable(control);
  }
}
