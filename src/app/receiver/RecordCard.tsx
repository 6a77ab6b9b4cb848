import type { ReactNode } from "react";
import { useStore } from "zustand";

import type { ReceiverSetup } from "../../core/wire/receiver-setup.ts";
import type { SegmentSummary } from "../../media/record/keep.protocol.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { NumberField } from "../parts/Field.tsx";
import { FailureNotice } from "../parts/Notice.tsx";
import { Scroll } from "../parts/Scroll.tsx";
import { Table } from "../parts/Table.tsx";
import type { Recording } from "./record-store.ts";
import { toRingWords, toRoom, toSegmentRows, type SegmentRow } from "./record-view.ts";
import type { Session } from "./session-face.ts";

import parts from "../parts/parts.module.css";
import styles from "./record.module.css";

/** How much "keep the last seconds" keeps, s. */
const lastS = 30;

type RecordProps = {
  readonly recording: Recording;
  /** The stream that the buttons are for; null while none is measured. */
  readonly session: Session | null;
  /** The stream has ended: what was received last can be kept still, and nothing is recorded any more. */
  readonly isOver: boolean;
  readonly setup: Pick<ReceiverSetup, "ringS" | "keepMb">;
  readonly configure: (change: Partial<ReceiverSetup>) => void;
};

/** What is kept of what was received, and the buttons that keep more. */
export function RecordCard({ recording, session, isOver, setup, configure }: RecordProps): ReactNode {
  const { status, failure, busyIds } = useStore(recording.store);
  const rows = status === null ? [] : toSegmentRows(status);
  return (
    <Card aside={<RecordButtons {...{ recording, session, isOver }} />} flush title="Recordings">
      {failure !== null && (
        <div className={styles["head"]}>
          <FailureNotice failure={failure} />
        </div>
      )}
      <RingWords recording={recording} session={session} />
      {rows.length === 0 && session === null && (
        <p className={`${parts["hint"]} ${styles["head"]}`}>
          Nothing is kept on this device. While a stream is measured, it can be recorded as it is received,
          and scored later.
        </p>
      )}
      {rows.length > 0 && <SegmentTable busyIds={busyIds} recording={recording} rows={rows} />}
      <Room configure={configure} recording={recording} setup={setup} />
    </Card>
  );
}

function RecordButtons(props: Pick<RecordProps, "recording" | "session" | "isOver">): ReactNode {
  const { recording, session, isOver } = props;
  const sessionId = session?.keep?.sessionId ?? null;
  const isRecording = useStore(
    recording.store,
    ({ recordings }) => sessionId !== null && recordings[sessionId] !== undefined,
  );
  if (session === null || session.keep === null) return null;
  return (
    <div className={parts["buttons"]}>
      <Button
        disabled={isOver && !isRecording}
        onPress={() => void recording.toggle(session)}
        pressed={isRecording}
        title="Keeps the stream as it is received, without encoding it again"
      >
        {isRecording ? "Stop recording" : "Record"}
      </Button>
      <Button
        onPress={() => void recording.keepLast(session, lastS)}
        title="Keeps what was received before now"
      >
        Keep last {lastS} s
      </Button>
    </div>
  );
}

function RingWords({ recording, session }: Pick<RecordProps, "recording" | "session">): ReactNode {
  const words = useStore(recording.store, ({ status }) =>
    toRingWords(status, session?.keep?.sessionId ?? null),
  );
  if (session !== null && session.keep === null)
    return (
      <p className={styles["head"]}>
        Nothing can be kept: this browser gives the page no files of its own (a private window, or a page
        without https).
      </p>
    );
  return words === null ? null : <p className={`${parts["hint"]} ${styles["head"]}`}>{words}</p>;
}

function SegmentTable(props: {
  readonly recording: Recording;
  readonly rows: readonly SegmentRow[];
  readonly busyIds: readonly string[];
}): ReactNode {
  return (
    <Scroll className={styles["scroll"]} label="What is kept">
      <Table className={styles["recordings"]} kind="words">
        <thead>
          <tr>
            <th scope="col">began</th>
            <th scope="col">length</th>
            <th scope="col">size</th>
            <th scope="col">kept as received</th>
            <th scope="col">stream</th>
            <th scope="col">
              <span className={parts["visuallyHidden"]}>choices</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.segment.segmentId}>
              <td className={styles["number"]}>{row.when}</td>
              <td className={styles["number"]}>{row.length}</td>
              <td className={styles["number"]}>{row.size}</td>
              <td>
                {row.what}
                {row.note !== "" && <span className={styles["note"]}>{row.note}</span>}
              </td>
              <td className={styles["label"]} title={row.label}>
                {row.label}
              </td>
              <td>
                <SegmentChoices
                  isBusy={props.busyIds.includes(row.segment.segmentId)}
                  recording={props.recording}
                  row={row}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Scroll>
  );
}

function SegmentChoices(props: {
  readonly recording: Recording;
  readonly row: SegmentRow;
  readonly isBusy: boolean;
}): ReactNode {
  const { recording, row, isBusy } = props;
  const { segment } = row;
  const isOff = isBusy || !row.canOpen;
  return (
    <div className={styles["choices"]}>
      <Choice isOff={isOff} press={recording.download} segment={segment} what="Download" />
      {row.canIndex && (
        <Choice isOff={isOff} press={recording.downloadIndexed} segment={segment} what="MP4" />
      )}
      <Choice isOff={isOff} press={recording.downloadRows} segment={segment} what="CSV" />
      {!isOff && (
        <a
          className={parts["button"]}
          href={`/score?segment=${segment.segmentId}`}
          rel="noreferrer"
          target="_blank"
        >
          Score
        </a>
      )}
      <Choice isOff={isOff || !row.canDelete} press={recording.remove} segment={segment} what="Delete" />
    </div>
  );
}

function Choice(props: {
  readonly what: string;
  readonly segment: SegmentSummary;
  readonly press: (segment: SegmentSummary) => Promise<void>;
  readonly isOff: boolean;
}): ReactNode {
  return (
    <Button disabled={props.isOff} onPress={() => void props.press(props.segment)}>
      {props.what}
    </Button>
  );
}

function Room(props: Pick<RecordProps, "recording" | "setup" | "configure">): ReactNode {
  const { recording, setup, configure } = props;
  const status = useStore(recording.store, (state) => state.status);
  const room = status === null ? null : toRoom(status);
  return (
    <div className={styles["room"]}>
      {room !== null && (
        <>
          <meter aria-label="Room taken by what is kept" high={0.9} max={1} value={room.ratio}>
            {room.words}
          </meter>
          <p className={parts["hint"]}>
            {room.words}
            {room.browserWords !== "" && `; ${room.browserWords}`}
          </p>
        </>
      )}
      <div className={styles["settings"]}>
        <NumberField
          label="How far back can be kept, s"
          max={1800}
          min={0}
          onChange={(ringS) => configure({ ringS })}
          value={setup.ringS}
        />
        <NumberField
          label="Room for recordings, MB"
          max={100_000}
          min={1}
          onChange={(keepMb) => configure({ keepMb })}
          value={setup.keepMb}
        />
      </div>
    </div>
  );
}
