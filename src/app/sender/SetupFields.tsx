import { useId, type ReactNode } from "react";

import type { SenderSetup } from "../../core/wire/setup.ts";
import type { PublishWay } from "../../media/publish/way.ts";
import { NumberField, SelectField } from "../parts/Field.tsx";
import type { Sender } from "./sender-store.ts";
import { codecChoices, fromSizeChoice, sceneChoices, toCodecChoices, toSizeChoices } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./sender.module.css";

/** The setup as a form; every change goes to the sender, and from there into the address. */
export function SetupFields(props: {
  readonly sender: Sender;
  readonly setup: SenderSetup;
  readonly disabled: boolean;
  readonly ways: readonly PublishWay[];
}): ReactNode {
  const { sender, setup, disabled, ways } = props;
  const way = ways.find(({ id }) => id === setup.via) ?? null;
  return (
    <div className={styles["fields"]}>
      <SelectField
        choices={sceneChoices}
        disabled={disabled}
        label="Scene"
        onChange={(value) => {
          const choice = sceneChoices.find((candidate) => candidate.value === value);
          if (choice !== undefined) sender.configure({ scene: choice.value });
        }}
        value={setup.scene}
      />
      {setup.scene === "file" && <FileField disabled={disabled} sender={sender} />}
      <SelectField
        choices={toSizeChoices(setup)}
        disabled={disabled}
        label="Size"
        onChange={(value) => sender.configure(fromSizeChoice(value))}
        value={`${setup.widthPx}x${setup.heightPx}`}
      />
      <SelectField
        choices={toCodecChoices(way, setup.codec)}
        disabled={disabled}
        label="Codec"
        onChange={(value) => {
          const choice = codecChoices.find((candidate) => candidate.value === value);
          if (choice !== undefined) sender.configure({ codec: choice.value });
        }}
        value={setup.codec}
      />
      <SetupNumbers {...props} />
      <p className={`${parts["hint"]} ${styles["wide"]}`}>
        The address of this page holds this setup, without what may be secret.
      </p>
    </div>
  );
}

function SetupNumbers(props: {
  readonly sender: Sender;
  readonly setup: SenderSetup;
  readonly disabled: boolean;
}): ReactNode {
  const { sender, setup, disabled } = props;
  return (
    <>
      <NumberField
        disabled={disabled}
        label="Frames per second"
        max={60}
        min={1}
        onChange={(fps) => sender.configure({ fps })}
        value={setup.fps}
      />
      <NumberField
        disabled={disabled}
        label="Bitrate, kbit/s"
        max={100_000}
        min={50}
        onChange={(bitrateKbps) => sender.configure({ bitrateKbps })}
        step={100}
        value={setup.bitrateKbps}
      />
      <NumberField
        disabled={disabled || setup.scene !== "builtin"}
        label="Seed"
        max={999_999_999}
        min={0}
        onChange={(seed) => sender.configure({ seed })}
        value={setup.seed}
      />
    </>
  );
}

function FileField(props: { readonly sender: Sender; readonly disabled: boolean }): ReactNode {
  const id = useId();
  return (
    <div className={parts["field"]}>
      <label className={parts["fieldLabel"]} htmlFor={id}>
        Video file
      </label>
      <input
        accept="video/*"
        className={parts["input"]}
        disabled={props.disabled}
        id={id}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file === undefined) return;
          props.sender.chooseFile(file);
          void props.sender.openPreview();
        }}
        type="file"
      />
    </div>
  );
}
