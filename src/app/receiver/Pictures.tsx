import type { ReactNode, RefObject } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";

import { Swatch } from "../parts/Swatch.tsx";
import { toDoing, toStageWords } from "./doing.ts";
import type { LineupEntry } from "./lineup-entry.ts";
import { labelOf } from "./lineup-setup.ts";
import type { Lineup, LineupState } from "./lineup.ts";
import { Stage } from "./Stage.tsx";

import compare from "./compare.module.css";

/** Every stream as it is displayed, in one grid, so that none leaves the page when another comes. */
export function Pictures(props: {
  readonly lineup: Lineup;
  readonly state: LineupState;
  /** Given the stage of the selected stream. */
  readonly stageRef: RefObject<HTMLDivElement | null>;
}): ReactNode {
  const { lineup, state, stageRef } = props;
  const isSeveral = state.entries.length > 1;
  return (
    <div className={isSeveral ? compare["tiles"] : undefined}>
      {state.entries.map((entry) => (
        <Picture
          entry={entry}
          isControl={entry.id === state.controlId}
          isOneOfSeveral={isSeveral}
          key={entry.id}
          select={() => lineup.select(entry.id)}
          {...(entry.id === state.selectedId ? { stageRef } : {})}
        />
      ))}
    </div>
  );
}

function Picture(props: {
  readonly entry: LineupEntry;
  readonly isOneOfSeveral: boolean;
  readonly isControl: boolean;
  readonly select: () => void;
  readonly stageRef?: RefObject<HTMLDivElement | null>;
}): ReactNode {
  const { entry, isOneOfSeveral, isControl, select, stageRef } = props;
  const doing = useStore(entry.receiver.store, useShallow(toDoing));
  return (
    <figure className={compare["still"]}>
      <Stage
        video={entry.video}
        words={toStageWords(doing)}
        {...(stageRef === undefined ? {} : { stageRef })}
      />
      {isOneOfSeveral ? (
        <figcaption>
          <button
            aria-pressed={stageRef !== undefined}
            className={compare["name"]}
            onClick={select}
            title="Show its details below"
            type="button"
          >
            <Swatch nth={entry.id} />
            <span className={compare["label"]}>{labelOf(doing.setup)}</span>
          </button>
          {isControl && <span>control</span>}
        </figcaption>
      ) : (
        doing.phase !== "idle" && <figcaption className={compare["lone"]}>{labelOf(doing.setup)}</figcaption>
      )}
    </figure>
  );
}
