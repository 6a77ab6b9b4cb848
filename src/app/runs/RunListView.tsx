import { useMemo, useState, type ReactNode } from "react";

import type { Failure } from "../../core/failure.ts";
import type { RunChoices, RunList, RunQuery } from "../../core/wire/runs.ts";
import type { RunsLink } from "../../media/link/runs.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { FailureNotice } from "../parts/Notice.tsx";
import { TakeAway } from "../parts/TakeAway.tsx";
import {
  compareAddress,
  listAddress,
  listedMeasures,
  maxCompared,
  pageLength,
  runAddress,
  trendAddress,
  writeRunQuery,
} from "./address.ts";
import { Filters } from "./Filters.tsx";
import { ImportButton } from "./ImportButton.tsx";
import { Loaded } from "./Loaded.tsx";
import { createLoader, type Loader } from "./loading.ts";
import { RunTable } from "./RunTable.tsx";
import { toListTable } from "./tables.ts";

import parts from "../parts/parts.module.css";
import styles from "./runs.module.css";

/** The list and what there is to filter it by: what changes one, an import or a token, changes the other. */
function createList(
  link: RunsLink,
  query: RunQuery,
): { readonly runs: Loader<RunList>; readonly choices: Loader<RunChoices> } {
  const list = createLoader(() => link.list(writeRunQuery(query)));
  const choices = createLoader(link.choices);
  const reload = async () => {
    await Promise.all([list.reload(), choices.reload()]);
  };
  return { runs: { store: list.store, reload }, choices };
}

/** The list of runs, with what can be done with those that are chosen. */
export function RunListView(props: { readonly link: RunsLink; readonly query: RunQuery }): ReactNode {
  const { link, query } = props;
  const { runs, choices } = useMemo(() => createList(link, query), [link, query]);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  const remove = async () => {
    if (
      !confirm(
        `Delete ${chosen.length === 1 ? "this run" : `these ${chosen.length} runs`} with all observations?`,
      )
    )
      return;
    for (const runId of chosen) {
      const removed = await link.remove(runId);
      if (!removed.ok) setFailure(removed.failure);
    }
    setChosen([]);
    await runs.reload();
  };
  return (
    <>
      <Filters choices={choices} query={query} />
      {failure !== null && <FailureNotice failure={failure} />}
      <Card
        aside={
          <ListActions
            chosen={chosen}
            link={link}
            provider={query.provider ?? null}
            reload={runs.reload}
            remove={remove}
            setFailure={setFailure}
          />
        }
        flush
        title="Runs"
      >
        <Loaded loader={runs}>
          {(list) => (
            <>
              <RunTable chosen={chosen} list={list} query={query} setChosen={setChosen} />
              <Pages list={list} query={query} />
            </>
          )}
        </Loaded>
      </Card>
    </>
  );
}

function ListActions(props: {
  readonly link: RunsLink;
  readonly chosen: readonly string[];
  readonly provider: string | null;
  readonly reload: () => Promise<void>;
  readonly remove: () => Promise<void>;
  readonly setFailure: (failure: Failure) => void;
}): ReactNode {
  const { link, chosen, provider, reload, remove, setFailure } = props;
  return (
    <div className={parts["buttons"]}>
      <Button
        disabled={chosen.length < 2 || chosen.length > maxCompared}
        onPress={() => location.assign(compareAddress(chosen))}
        title={`Two to ${maxCompared} runs`}
      >
        Side by side
      </Button>
      <Button disabled={chosen.length === 0} onPress={() => void remove()}>
        Delete
      </Button>
      <a className={parts["button"]} href={trendAddress({ measure: "latency.p95", provider, plan: null })}>
        Trend
      </a>
      <ImportButton
        link={link}
        onImported={(runIds) => {
          const [only] = runIds;
          if (runIds.length === 1 && only !== undefined) location.assign(runAddress(only));
          else void reload();
        }}
        onRefused={setFailure}
      />
    </div>
  );
}

function Pages({ list, query }: { readonly list: RunList; readonly query: RunQuery }): ReactNode {
  const last = query.offset + list.runs.length;
  if (list.totalCount === 0) {
    return (
      <p className={styles["empty"]}>
        No runs here. Measure a plan with <code>streamgauge compare</code>, press “Keep this run” on the
        receiver tab, or import a file.
      </p>
    );
  }
  return (
    <div className={styles["pages"]}>
      {query.offset > 0 && (
        <a href={listAddress(query, { offset: Math.max(0, query.offset - pageLength) })}>Newer</a>
      )}
      <span className={parts["hint"]}>
        {query.offset + 1} to {last} of {list.totalCount}
      </span>
      {last < list.totalCount && <a href={listAddress(query, { offset: last })}>More</a>}
      <TakeAway
        json={() => list}
        link={location.href}
        name="streamgauge-runs"
        table={() => toListTable(list, listedMeasures)}
      />
    </div>
  );
}
