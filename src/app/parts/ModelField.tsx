import { useState, type ReactNode } from "react";

import type { SvrModel } from "../../core/quality/svr-model.ts";
import { Button } from "./Button.tsx";
import { DropField } from "./DropField.tsx";
import { TextField } from "./TextField.tsx";
import { untilLoaded } from "./until-loaded.ts";

import parts from "./parts.module.css";

/** What was given last, and what came of it. */
type Given = {
  /** As it was typed; empty where a file was given. */
  readonly address: string;
  readonly isFetching: boolean;
  readonly complaint: string | null;
  readonly by: "file" | "address";
};

const nothing: Given = { address: "", isFetching: false, complaint: null, by: "file" };

/** Which map makes VMAF out of the features: the built-in one, or a model file that is dropped, chosen or named by its address. */
export function ModelField(props: {
  /** Null: the built-in map. */
  readonly model: SvrModel | null;
  readonly isBusy: boolean;
  readonly onChange: (model: SvrModel | null) => void;
}): ReactNode {
  const { model, isBusy, onChange } = props;
  const [given, setGiven] = useState(nothing);
  const take = async (from: File | string) => {
    const asked: Given = typeof from === "string" ? { ...nothing, address: from, by: "address" } : nothing;
    setGiven({ ...asked, isFetching: true });
    // Most users never load a model.
    const { complaintOf, modelAt, modelIn } = await untilLoaded(() => import("./model.ts"));
    const taken = await (typeof from === "string" ? modelAt(from) : modelIn(from));
    setGiven({ ...asked, complaint: taken.ok ? null : complaintOf(taken.failure) });
    if (taken.ok) onChange(taken.value);
  };
  const drop = () => {
    setGiven(nothing);
    onChange(null);
  };
  const isOff = isBusy || given.isFetching;
  return (
    <>
      <DropField
        accept=".json,application/json"
        disabled={isOff}
        file={null}
        hint={
          model?.name ??
          "Built in: closed-form fit of VMAF v0.6.1. Drop vmaf_v0.6.1.json for the model itself"
        }
        label="VMAF model"
        onChange={(file) => void take(file)}
      />
      {given.by === "file" && given.complaint !== null && (
        <p className={parts["complaint"]} role="alert">
          {given.complaint}
        </p>
      )}
      <TextField
        complaint={given.by === "address" ? given.complaint : null}
        disabled={isOff}
        hint={given.by === "address" && given.isFetching ? "Fetching the model" : undefined}
        kind="line"
        label="Or the address of a model file"
        onChange={(address) => {
          if (address === "") setGiven(nothing);
          else void take(address);
        }}
        placeholder="https://…/vmaf_v0.6.1.json"
        value={given.address}
      />
      {model !== null && (
        <Button disabled={isOff} onPress={drop}>
          Use the built-in map
        </Button>
      )}
    </>
  );
}
