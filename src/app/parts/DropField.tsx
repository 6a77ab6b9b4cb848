import { useId, useState, type ReactNode } from "react";

import { toBytes } from "./format.ts";

import parts from "./parts.module.css";

/** A place for one file: dropped, or chosen by click. */
export function DropField(props: {
  readonly label: string;
  readonly file: File | null;
  readonly accept: string;
  readonly hint: string;
  readonly disabled: boolean;
  readonly onChange: (file: File) => void;
}): ReactNode {
  const id = useId();
  const [isOver, setIsOver] = useState(false);
  const take = (file: File | undefined) => {
    if (file !== undefined && !props.disabled) props.onChange(file);
  };
  return (
    <div className={parts["field"]}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- dropping is for the mouse alone; keys reach the input */}
      <label
        className={parts["drop"]}
        data-over={isOver}
        htmlFor={id}
        onDragLeave={() => setIsOver(false)}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDrop={(event) => {
          event.preventDefault();
          setIsOver(false);
          take(event.dataTransfer.files[0]);
        }}
      >
        <span className={parts["dropLabel"]}>{props.label}</span>
        <span className={parts["dropName"]}>
          {props.file === null ? props.hint : `${props.file.name}, ${toBytes(props.file.size)}`}
        </span>
        <input
          accept={props.accept}
          className={parts["visuallyHidden"]}
          disabled={props.disabled}
          id={id}
          onChange={(event) => {
            take(event.target.files?.[0]);
            event.target.value = "";
          }}
          type="file"
        />
      </label>
    </div>
  );
}
