import * as v from "valibot";

/** What a (re)load of the manifest told. */
export type ManifestNews = {
  /** The publisher began anew: a player that goes on with the old times waits for ever. */
  readonly isRestarted: boolean;
};

/** Follows a manifest as it is loaded again and again. */
export type ManifestWatch = {
  /** @param manifest as dash.js reads it: names of ISO/IEC 23009-1, durations in s */
  readonly add: (manifest: unknown, atMs: number) => ManifestNews;
  /** Time since the manifest listed something new, ms, once it is past what is allowed; null before. */
  readonly staleMs: (nowMs: number) => number | null;
  /** Null before a manifest has been read. */
  readonly isLive: () => boolean | null;
};

const stretchSchema = v.object({
  t: v.optional(v.number()),
  d: v.number(),
  r: v.optional(v.number()),
});
const templateSchema = v.object({
  timescale: v.optional(v.number(), 1),
  SegmentTimeline: v.optional(v.object({ S: v.optional(v.array(stretchSchema), []) })),
});
const listSchema = v.object({
  timescale: v.optional(v.number(), 1),
  duration: v.optional(v.number()),
  startNumber: v.optional(v.number(), 1),
  SegmentTimeline: v.optional(v.object({ S: v.optional(v.array(stretchSchema), []) })),
  SegmentURL: v.optional(v.array(v.unknown()), []),
});
const representationSchema = v.object({
  SegmentTemplate: v.optional(templateSchema),
  SegmentList: v.optional(listSchema),
});
const periodSchema = v.object({
  id: v.optional(v.union([v.string(), v.number()])),
  AdaptationSet: v.optional(
    v.array(v.object({ Representation: v.optional(v.array(representationSchema), []) })),
    [],
  ),
});
const manifestSchema = v.object({
  type: v.optional(v.string(), "static"),
  availabilityStartTime: v.optional(v.union([v.date(), v.string()])),
  minimumUpdatePeriod: v.optional(v.number()),
  Period: v.optional(v.array(periodSchema), []),
});

type Period = v.InferOutput<typeof periodSchema>;
type Representation = v.InferOutput<typeof representationSchema>;
type Stretch = v.InferOutput<typeof stretchSchema>;

/** Where the segments that are listed end, on the period's own clock. */
type Edge = { readonly endS: number; readonly longestS: number };

/** What decides about a live manifest that is followed. */
type Followed = {
  readonly isLive: boolean;
  /** When the stream began by the manifest: it never changes (ISO/IEC 23009-1, 5.3.1.2). */
  readonly beganAt: string;
  /** Of the last period. */
  readonly period: string;
  /** Null where the segments follow from the clock and none is listed. */
  readonly edge: Edge | null;
  /** How often the manifest says that it is worth to be asked for, s; null: never again. */
  readonly updateS: number | null;
  readonly newsAtMs: number;
};

/**
 * Nothing new for longer than this is stale: a segment and a half, as of a playlist (RFC 8216bis, 6.2.1), beside the time in
 * which the manifest need not be asked for.
 */
function limitMsOf({ edge, updateS }: Followed): number {
  if (edge === null || updateS === null) return Infinity;
  return 1000 * (1.5 * edge.longestS + Math.max(1, updateS));
}

/** Makes a watch that has seen no manifest. */
export function createManifestWatch(): ManifestWatch {
  let followed: Followed | null = null;
  return {
    add: (manifest, atMs) => {
      const next = read(manifest, atMs);
      const before = followed;
      // dash.js plays what it reads: what is no manifest here is only not followed.
      if (next === null) return { isRestarted: false };
      const isRestarted = before !== null && before.isLive && hasBegunAnew(before, next);
      followed =
        before === null || isRestarted || isNews(before, next)
          ? next
          : { ...next, newsAtMs: before.newsAtMs };
      return { isRestarted };
    },
    staleMs: (nowMs) => {
      if (followed === null || !followed.isLive) return null;
      const sinceMs = nowMs - followed.newsAtMs;
      return sinceMs > limitMsOf(followed) ? sinceMs : null;
    },
    isLive: () => followed?.isLive ?? null,
  };
}

function read(manifest: unknown, atMs: number): Followed | null {
  const parsed = v.safeParse(manifestSchema, manifest);
  if (!parsed.success) return null;
  const { type, availabilityStartTime, minimumUpdatePeriod, Period: periods } = parsed.output;
  const last = periods.at(-1);
  return {
    isLive: type === "dynamic",
    beganAt: availabilityStartTime === undefined ? "" : new Date(availabilityStartTime).toISOString(),
    period: `${last?.id ?? periods.length}`,
    edge: last === undefined ? null : edgeOf(last),
    updateS: minimumUpdatePeriod ?? null,
    newsAtMs: atMs,
  };
}

function isNews(before: Followed, next: Followed): boolean {
  return (
    before.period !== next.period || before.edge?.endS !== next.edge?.endS || before.isLive !== next.isLive
  );
}

/** Another beginning, or a time line that goes back within its period. */
function hasBegunAnew(before: Followed, next: Followed): boolean {
  if (before.beganAt !== next.beganAt) return true;
  if (before.period !== next.period || before.edge === null || next.edge === null) return false;
  return next.edge.endS < before.edge.endS - before.edge.longestS;
}

/** The furthest of all renditions. */
function edgeOf({ AdaptationSet: sets }: Period): Edge | null {
  const edges = sets.flatMap((set) => set.Representation.map(edgeOfRepresentation));
  return edges.reduce((one, other) => {
    if (one === null || other === null) return one ?? other;
    return { endS: Math.max(one.endS, other.endS), longestS: Math.max(one.longestS, other.longestS) };
  }, null);
}

function edgeOfRepresentation({ SegmentTemplate: template, SegmentList: list }: Representation): Edge | null {
  const listed = template ?? list;
  const stretches = listed?.SegmentTimeline?.S ?? [];
  if (listed !== undefined && stretches.length > 0) return edgeOfTimeline(stretches, listed.timescale);
  if (list?.duration === undefined) return null;
  const longestS = list.duration / list.timescale;
  return { endS: (list.startNumber + list.SegmentURL.length) * longestS, longestS };
}

/** A stretch of the time line (5.3.9.6): `r` more segments of `d` each; without `t` it goes on where the last one ended. */
function edgeOfTimeline(stretches: readonly Stretch[], timescale: number): Edge {
  let end = 0;
  let longest = 0;
  for (const { t, d, r = 0 } of stretches) {
    // Below 0: repeated up to the next stretch or the end of the period, which no list tells.
    end = (t ?? end) + d * (Math.max(0, r) + 1);
    longest = Math.max(longest, d);
  }
  return { endS: end / timescale, longestS: longest / timescale };
}
