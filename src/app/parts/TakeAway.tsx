import { useState, type ReactNode, type RefObject } from "react";

import { Button } from "./Button.tsx";
import { CopyLink } from "./CopyLink.tsx";
import { drawChartsPng, type ChartKey } from "./png.ts";
import { saveBlob } from "./save.ts";
import { toTableCsv, type TableFile } from "./table-file.ts";

import parts from "./parts.module.css";

type TakeAwayProps = {
  /** Name of the saved files, without their ending. */
  readonly name: string;
  /** What is shown, as a table. */
  readonly table: () => TableFile;
  /** What is shown, whole. */
  readonly json: () => unknown;
  /** Holds the charts; left out where there are none. */
  readonly charts?: RefObject<HTMLElement | null>;
  /** What the charts' colours stand for. */
  readonly keys?: readonly ChartKey[];
  /** Address that shows the same again; left out where there is none. */
  readonly link?: string;
};

/** What is shown, taken away: its address, its table as CSV, all of it as JSON, its charts as PNG. */
export function TakeAway(props: TakeAwayProps): ReactNode {
  const { name, table, json, charts, keys, link } = props;
  const save = (text: string, type: string, ending: string) =>
    saveBlob(new Blob([text], { type }), `${name}.${ending}`);
  return (
    <div className={parts["buttons"]}>
      {link !== undefined && <CopyLink link={link} />}
      <Button onPress={() => save(toTableCsv(table()), "text/csv", "csv")} title="Saves the table as CSV">
        CSV
      </Button>
      <Button
        onPress={() => save(JSON.stringify(json()), "application/json", "json")}
        title="Saves everything shown here as JSON"
      >
        JSON
      </Button>
      {charts !== undefined && (
        <SavePng charts={charts} keys={keys ?? []} name={name} title="Saves the charts as PNG" words="PNG" />
      )}
    </div>
  );
}

/** Saves the charts within an element, each marked by `data-chart`, under each other as one PNG. */
export function SavePng(props: {
  readonly charts: RefObject<HTMLElement | null>;
  /** Name of the saved file, without its ending. */
  readonly name: string;
  readonly words: string;
  readonly title?: string;
  readonly keys?: readonly ChartKey[];
}): ReactNode {
  const { charts, name, words, title, keys } = props;
  const [isRefused, setRefused] = useState(false);
  const save = async () => {
    const drawn = await drawChartsPng([...(charts.current?.querySelectorAll("[data-chart]") ?? [])], keys);
    setRefused(drawn === null);
    if (drawn !== null) saveBlob(drawn, `${name}.png`);
  };
  return (
    <Button onPress={() => void save()} {...(title === undefined ? {} : { title })}>
      {isRefused ? "This browser refused the PNG" : words}
    </Button>
  );
}
