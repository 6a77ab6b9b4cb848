import { useState, type ReactNode } from "react";
import { useStore } from "zustand";

import type { RunChoices, RunQuery, RunState } from "../../core/wire/runs.ts";
import { SelectField } from "../parts/Field.tsx";
import { listAddress } from "./address.ts";
import type { Loader } from "./loading.ts";
import { measureLabel, stateFaces } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./runs.module.css";

type Choice = { readonly value: string; readonly label: string };

const any: Choice = { value: "", label: "any" };
const states: readonly RunState[] = ["measured", "cut", "failed", "open"];
const noChoices: RunChoices = { providers: [], tags: [], comparisons: [], measures: [] };

function toChoices(texts: readonly string[], current: string | undefined): readonly Choice[] {
  const all = current === undefined || texts.includes(current) ? texts : [current, ...texts];
  return [any, ...all.map((text) => ({ value: text, label: text }))];
}

/** Which runs are listed, and in which order; each choice is an address of its own. */
export function Filters(props: {
  readonly query: RunQuery;
  readonly choices: Loader<RunChoices>;
}): ReactNode {
  const { query } = props;
  const loading = useStore(props.choices.store);
  const choices = loading.phase === "ready" ? loading.value : noChoices;
  const [text, setText] = useState(query.text ?? "");
  const go = (change: Readonly<Record<string, string>>) => location.assign(listAddress(query, change));
  const sorts = [
    { value: "started", label: "when it began" },
    ...choices.measures.map(({ key }) => ({ value: key, label: measureLabel(key) })),
  ];
  const comparisons = choices.comparisons.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <form
      aria-label="Which runs"
      className={styles["filters"]}
      onSubmit={(event) => {
        event.preventDefault();
        go({ text });
      }}
    >
      <TextFilter setText={setText} text={text} />
      <SelectField
        choices={toChoices(choices.providers, query.provider)}
        label="Provider"
        onChange={(provider) => go({ provider })}
        value={query.provider ?? ""}
      />
      <SelectField
        choices={toChoices(choices.tags, query.tag)}
        label="Tag"
        onChange={(tag) => go({ tag })}
        value={query.tag ?? ""}
      />
      <SelectField
        choices={[any, ...comparisons]}
        label="Comparison"
        onChange={(comparison) => go({ comparison })}
        value={query.comparison ?? ""}
      />
      <SelectField
        choices={[any, ...states.map((state) => ({ value: state, label: stateFaces[state].words }))]}
        label="State"
        onChange={(state) => go({ state })}
        value={query.state ?? ""}
      />
      <SelectField choices={sorts} label="Sorted by" onChange={(sort) => go({ sort })} value={query.sort} />
      <OrderField
        isByTime={query.sort === "started"}
        order={query.order}
        setOrder={(order) => go({ order })}
      />
      <button className={parts["button"]} type="submit">
        Search
      </button>
    </form>
  );
}

function TextFilter(props: { readonly text: string; readonly setText: (text: string) => void }): ReactNode {
  const { text, setText } = props;
  return (
    <div className={parts["field"]}>
      <label className={parts["fieldLabel"]} htmlFor="runs-text">
        Containing
      </label>
      <input
        className={parts["input"]}
        id="runs-text"
        title="In the comparison’s name, a provider, the note or a tag"
        onChange={(event) => setText(event.target.value)}
        type="search"
        value={text}
      />
    </div>
  );
}

function OrderField(props: {
  readonly order: RunQuery["order"];
  readonly isByTime: boolean;
  readonly setOrder: (order: string) => void;
}): ReactNode {
  return (
    <SelectField
      choices={[
        { value: "descending", label: props.isByTime ? "newest first" : "highest first" },
        { value: "ascending", label: props.isByTime ? "oldest first" : "lowest first" },
      ]}
      label="Order"
      onChange={props.setOrder}
      value={props.order}
    />
  );
}
