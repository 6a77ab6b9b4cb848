import { memo, useRef, type MemoExoticComponent, type ReactNode } from "react";

import type { HistoryWindow } from "../../core/timeline/history.ts";
import { Card } from "../parts/Card.tsx";
import { strokeOf } from "../parts/stream-color.ts";
import { TakeAway } from "../parts/TakeAway.tsx";
import { toCompareTable } from "./compare-view.ts";
import { CompareChart } from "./CompareChart.tsx";
import { CompareTable } from "./CompareTable.tsx";
import { DifferenceChart } from "./DifferenceChart.tsx";
import { labelOf } from "./lineup-setup.ts";
import type { Lineup, LineupState } from "./lineup.ts";
import { SyncView } from "./SyncView.tsx";

import styles from "./receiver.module.css";

type CompareProps = {
  readonly lineup: Lineup;
  readonly state: LineupState;
  readonly windowMin: HistoryWindow;
  readonly isPaused: boolean;
};

/** The streams side by side: in one table, on one chart, by their differences from the control, and at one instant. */
export const CompareSection: MemoExoticComponent<(props: CompareProps) => ReactNode> = memo(
  function CompareSection({ lineup, state, windowMin, isPaused }: CompareProps): ReactNode {
    const charts = useRef<HTMLDivElement>(null);
    return (
      <>
        <Card
          aside={
            <TakeAway
              charts={charts}
              json={lineup.report}
              keys={state.entries.map(({ id, receiver }) => ({
                label: labelOf(receiver.store.getState().setup),
                color: strokeOf(id),
              }))}
              name="streamgauge-comparison"
              table={() => toCompareTable(lineup.report())}
            />
          }
          flush
          title="Side by side"
        >
          <CompareTable isPaused={isPaused} lineup={lineup} state={state} />
        </Card>
        <div className={styles["halves"]} ref={charts}>
          <Card flush title="Latency of all">
            <CompareChart entries={state.entries} isPaused={isPaused} windowMin={windowMin} />
          </Card>
          <Card flush title="Slower than the control">
            <DifferenceChart isPaused={isPaused} lineup={lineup} state={state} />
          </Card>
        </div>
        <SyncView entries={state.entries} />
      </>
    );
  },
);
