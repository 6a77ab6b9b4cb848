import { useId, useState, type ReactNode } from "react";

import type { Failure } from "../../core/failure.ts";
import type { RunRemarks } from "../../core/runs/run.ts";
import type { RunsLink } from "../../media/link/runs.ts";
import { Card } from "../parts/Card.tsx";
import { FailureNotice } from "../parts/Notice.tsx";
import { readTags } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./runs.module.css";

/** Note and tags of a run. */
export function Remarks(props: {
  readonly link: RunsLink;
  readonly runId: string;
  readonly remarks: RunRemarks;
  readonly reload: () => Promise<void>;
}): ReactNode {
  const { link, runId, remarks, reload } = props;
  const [note, setNote] = useState(remarks.note);
  const [tags, setTags] = useState(remarks.tags.join(", "));
  const [outcome, setOutcome] = useState<Failure | "kept" | null>(null);
  const noteId = useId();
  const failure = outcome === "kept" ? null : outcome;
  const keep = async () => {
    const kept = await link.remark(runId, { note, tags: readTags(tags) });
    setOutcome(kept.ok ? "kept" : kept.failure);
    if (kept.ok) await reload();
  };
  return (
    <Card title="Note and tags">
      <form
        className={styles["remarks"]}
        onSubmit={(event) => {
          event.preventDefault();
          void keep();
        }}
      >
        <div className={parts["field"]}>
          <label className={parts["fieldLabel"]} htmlFor={noteId}>
            Note
          </label>
          <textarea
            className={`${parts["input"]} ${styles["noteField"]}`}
            id={noteId}
            maxLength={10_000}
            onChange={(event) => setNote(event.target.value)}
            rows={3}
            value={note}
          />
        </div>
        <TagsField setTags={setTags} tags={tags} />
        <div className={parts["buttons"]}>
          <button className={parts["button"]} type="submit">
            Keep note and tags
          </button>
          <output className={parts["hint"]}>{outcome === "kept" ? "Kept." : ""}</output>
        </div>
        {failure !== null && <FailureNotice failure={failure} />}
      </form>
    </Card>
  );
}

function TagsField(props: { readonly tags: string; readonly setTags: (tags: string) => void }): ReactNode {
  const { tags, setTags } = props;
  const tagsId = useId();
  return (
    <div className={parts["field"]}>
      <label className={parts["fieldLabel"]} htmlFor={tagsId}>
        Tags, separated by commas
      </label>
      <input
        className={parts["input"]}
        id={tagsId}
        onChange={(event) => setTags(event.target.value)}
        value={tags}
      />
    </div>
  );
}
