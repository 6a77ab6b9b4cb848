import { useEffect, useState, type ReactNode } from "react";
import { shallow } from "zustand/shallow";

import { StatePill } from "../parts/StatePill.tsx";
import { toDoing, toLineupPill, type Pill } from "./doing.ts";
import { watchEntries } from "./lineup-entry.ts";
import type { Lineup } from "./lineup.ts";

/** What the streams do, in the header: one in its own words, several counted. */
export function LineupPill({ lineup }: { readonly lineup: Lineup }): ReactNode {
  const [pill, setPill] = useState<Pill>(() => read(lineup));
  useEffect(() => {
    const look = () => setPill((before) => keepIfSame(before, read(lineup)));
    look();
    return watchEntries(lineup.store, look);
  }, [lineup]);
  return <StatePill {...pill} />;
}

function read(lineup: Lineup): Pill {
  return toLineupPill(
    lineup.store.getState().entries.map(({ receiver }) => toDoing(receiver.store.getState())),
  );
}

function keepIfSame(before: Pill, next: Pill): Pill {
  return shallow(before, next) ? before : next;
}
