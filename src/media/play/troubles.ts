import type { PageMs } from "../../core/clock/instants.ts";
import type { TroubleKind } from "../../core/timeline/event.ts";
import type { RoadEvent } from "./way.ts";

/** The troubles that go on, each told when it begins and once more when it is over. */
export type Troubles = {
  /** A trouble that goes on already is not told again. */
  readonly begin: (trouble: TroubleKind, why: string, atMs: PageMs) => void;
  readonly end: (troubles: readonly TroubleKind[], atMs: PageMs) => void;
  /** Those that go on, the oldest first. */
  readonly current: () => readonly { readonly trouble: TroubleKind; readonly why: string }[];
};

type Going = { readonly trouble: TroubleKind; readonly why: string; readonly atMs: PageMs };

/** Makes a list without troubles. */
export function createTroubles(tell: (event: RoadEvent) => void): Troubles {
  let going: readonly Going[] = [];
  return {
    begin: (trouble, why, atMs) => {
      if (going.some((other) => other.trouble === trouble)) return;
      going = [...going, { trouble, why, atMs }];
      tell({ kind: "trouble", trouble, durationMs: null, why, atMs });
    },
    end: (troubles, atMs) => {
      const over = going.filter(({ trouble }) => troubles.includes(trouble));
      if (over.length === 0) return;
      going = going.filter((other) => !over.includes(other));
      for (const { trouble, why, atMs: sinceMs } of over)
        tell({ kind: "trouble", trouble, durationMs: atMs - sinceMs, why, atMs: sinceMs });
    },
    current: () => going,
  };
}
