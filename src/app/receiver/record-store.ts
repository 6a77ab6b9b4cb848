import { createStore, type StoreApi } from "zustand/vanilla";

import { succeed, type Failure, type Result } from "../../core/failure.ts";
import { csvHeader, toCsvLines } from "../../core/timeline/observation-csv.ts";
import { readRows } from "../../core/timeline/observation-row.ts";
import type { KeepStatus, SegmentSummary } from "../../media/record/keep.protocol.ts";
import type { Keep } from "../../media/record/keep.ts";
import { openKeptSegment, type OpenedSegment } from "../../media/record/open-kept.ts";
import { nameOfFile } from "./record-view.ts";
import type { Session } from "./session-face.ts";

/** What the page keeps, as it is shown. */
export type RecordState = {
  /** Null until it was read once. */
  readonly status: KeepStatus | null;
  /** Why the last thing asked for did not go; null when it did. */
  readonly failure: Failure | null;
  /** Segments of which files are being made. */
  readonly busyIds: readonly string[];
  /** Segment being recorded of each session; it ends with its stream, or when there is no room. */
  readonly recordings: Readonly<Record<string, string>>;
};

/** What can be done with what is received. Actions never reject. */
export type Recording = {
  readonly store: StoreApi<RecordState>;
  /** Begins to record a stream, or ends it. */
  readonly toggle: (session: Session) => Promise<void>;
  readonly keepLast: (session: Session, seconds: number) => Promise<void>;
  readonly remove: (segment: SegmentSummary) => Promise<void>;
  /** Saves a segment as it was received: one file, or several where the stream changed. */
  readonly download: (segment: SegmentSummary) => Promise<void>;
  /** Saves a segment of MPEG-TS or MP4 as MP4 with an index, for players that need one; its pictures are not encoded again. */
  readonly downloadIndexed: (segment: SegmentSummary) => Promise<void>;
  readonly downloadRows: (segment: SegmentSummary) => Promise<void>;
  /** Reads what is kept now. */
  readonly refresh: () => Promise<void>;
  readonly close: () => void;
};

/** What a recording needs of the browser. */
export type RecordAdapters = {
  readonly keep: Keep;
  readonly saveBlob: (blob: Blob, fileName: string) => void;
  readonly toIndexedMp4: (recording: Blob) => Promise<Result<Blob>>;
  readonly every: (intervalMs: number, call: () => void) => () => void;
};

/** How often what is kept is read for the screen, ms. */
const refreshEveryMs = 1000;

function withoutKey(record: Readonly<Record<string, string>>, key: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

/** Recordings that go on: those that ended by themselves are seen in the status. */
function goingOn(recordings: Readonly<Record<string, string>>, status: KeepStatus) {
  const live = new Set(
    status.segments.filter(({ state }) => state !== "kept").map(({ segmentId }) => segmentId),
  );
  return Object.fromEntries(Object.entries(recordings).filter(([, segmentId]) => live.has(segmentId)));
}

/** Makes a recording over what the page keeps. */
export function createRecording({ keep, saveBlob, toIndexedMp4, every }: RecordAdapters): Recording {
  const store = createStore<RecordState>(() => ({
    status: null,
    failure: null,
    busyIds: [],
    recordings: {},
  }));
  const settle = (result: Result<unknown>): void =>
    store.setState({ failure: result.ok ? null : result.failure });
  const refresh = async (): Promise<void> => {
    const status = await keep.status();
    if (!status.ok) {
      settle(status);
      return;
    }
    store.setState({
      status: status.value,
      recordings: goingOn(store.getState().recordings, status.value),
    });
  };
  const whileBusy = async (segmentId: string, work: () => Promise<Result<unknown>>): Promise<void> => {
    store.setState(({ busyIds }) => ({ busyIds: [...busyIds, segmentId] }));
    settle(await work());
    store.setState(({ busyIds }) => ({ busyIds: busyIds.filter((id) => id !== segmentId) }));
  };
  const stopRefreshing = every(refreshEveryMs, () => void refresh());
  void refresh();
  return {
    store,
    refresh,
    toggle: (session) => toggle(store, session, settle, refresh),
    keepLast: async ({ keep: stream }, seconds) => {
      if (stream === null) return;
      settle(await stream.keepLast(seconds));
      await refresh();
    },
    remove: async (segment) => {
      settle(await keep.remove(segment));
      await refresh();
    },
    ...createSaves({ keep, saveBlob, toIndexedMp4 }, whileBusy),
    close: stopRefreshing,
  };
}

/** What saves a segment as files. */
function createSaves(
  { keep, saveBlob, toIndexedMp4 }: Omit<RecordAdapters, "every">,
  whileBusy: (segmentId: string, work: () => Promise<Result<unknown>>) => Promise<void>,
): Pick<Recording, "download" | "downloadIndexed" | "downloadRows"> {
  const saving =
    (save: (segment: SegmentSummary, opened: OpenedSegment) => Promise<Result<unknown>>) =>
    (segment: SegmentSummary): Promise<void> =>
      whileBusy(segment.segmentId, async () => {
        const opened = await openKeptSegment(keep, segment.segmentId);
        return opened.ok ? save(segment, opened.value) : opened;
      });
  return {
    download: saving(async (segment, { files }) => {
      for (const [index, file] of files.entries())
        saveBlob(file.blob, nameOfFile(segment, file.mimeType, index));
      return succeed(null);
    }),
    downloadIndexed: saving(async (segment, { files }) => {
      for (const [index, file] of files.entries()) {
        const indexed = await toIndexedMp4(file.blob);
        if (!indexed.ok) return indexed;
        saveBlob(indexed.value, nameOfFile(segment, indexed.value.type, index));
      }
      return succeed(null);
    }),
    downloadRows: saving(async (segment, { rows }) => {
      const lines = toCsvLines(readRows(new Uint8Array(rows)), 0);
      saveBlob(new Blob([csvHeader, lines], { type: "text/csv" }), nameOfFile(segment, "text/csv", 0));
      return succeed(null);
    }),
  };
}

async function toggle(
  store: StoreApi<RecordState>,
  { keep: stream }: Session,
  settle: (result: Result<unknown>) => void,
  refresh: () => Promise<void>,
): Promise<void> {
  if (stream === null) return;
  const { sessionId } = stream;
  const running = store.getState().recordings[sessionId];
  if (running !== undefined) {
    settle(await stream.end(running));
    store.setState(({ recordings }) => ({ recordings: withoutKey(recordings, sessionId) }));
  } else {
    const begun = await stream.record();
    settle(begun);
    if (begun.ok)
      store.setState(({ recordings }) => ({ recordings: { ...recordings, [sessionId]: begun.value } }));
  }
  await refresh();
}
