import { useEffect, useState } from "react";

import type { StreamReport } from "../../core/wire/automation.ts";
import type { Lineup } from "./lineup.ts";

/** How often the comparison is read, ms. */
export const compareIntervalMs: number = 500;

/** All streams as they stand, read anew twice a second; they stand still while the view is paused. */
export function useReports(lineup: Lineup, isPaused: boolean): readonly StreamReport[] {
  const [reports, setReports] = useState(() => lineup.report());
  useEffect(() => {
    if (isPaused) return undefined;
    const read = () => setReports(lineup.report());
    const timer = setInterval(read, compareIntervalMs);
    const unsubscribe = lineup.store.subscribe(read);
    return () => {
      clearInterval(timer);
      unsubscribe();
    };
  }, [lineup, isPaused]);
  return reports;
}
