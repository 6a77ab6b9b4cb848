import { useEffect, type ReactNode } from "react";

import type { ClipFacts } from "../../core/clip/clip.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { DropField } from "../parts/DropField.tsx";
import { NumberField, SelectField } from "../parts/Field.tsx";
import { toBytes } from "../parts/format.ts";
import { ModelFields } from "./ModelFields.tsx";
import type { ScoreSetup, ScoreState } from "./score-state.ts";
import { nothingKept, withoutClip, type Scoring } from "./score-store.ts";

import parts from "../parts/parts.module.css";
import styles from "./score.module.css";

const video = "video/*,.mkv,.ts,.y4m,.ivf,.flv,.m4v";

const againstChoices = [
  { value: "file", label: "a reference file" },
  { value: "scene", label: "the built-in scene, made again" },
] as const;
const clipChoice = { value: "clip", label: "the file that was sent, as it was sent" } as const;
const alignChoices = [
  { value: "auto", label: "by marker if both show it, else by index" },
  { value: "marker", label: "by marker" },
  { value: "index", label: "by index, with an offset" },
] as const;
const decoderChoices = [
  { value: "auto", label: "WebCodecs if exact, or ffmpeg.wasm" },
  { value: "webcodecs", label: "WebCodecs alone" },
  { value: "ffmpeg", label: "ffmpeg.wasm alone" },
] as const;

type Part = { readonly scoring: Scoring; readonly setup: ScoreSetup; readonly isBusy: boolean };

/** The file that a recording's sender sent; null where it sent none. */
function clipOf({ kept }: ScoreSetup): ClipFacts | null {
  return kept?.segment.facts?.clip ?? null;
}

function referenceLabel(setup: ScoreSetup): string {
  const clip = clipOf(setup);
  if (setup.against !== "clip" || clip === null) return "Reference, as it was before it was sent";
  return `The file that was sent: ${clip.name}, ${toBytes(clip.sizeBytes)}, SHA-256 ${clip.sha256.slice(0, 12)}…`;
}

function distortedHint({ distorted }: ScoreSetup): string {
  if (distorted.length === 0) return "Drop it here, or click to choose";
  const bytes = distorted.reduce((sum, { size }) => sum + size, 0);
  return `${distorted.length} files of the recording, ${toBytes(bytes)}`;
}

/** What to score, and how. */
export function SetupCard(props: Part & { readonly state: ScoreState }): ReactNode {
  const { scoring, setup, isBusy } = props;
  const clip = clipOf(setup);
  return (
    <Card title="Videos">
      <div className={styles["setup"]}>
        <SelectField
          choices={clip === null ? againstChoices : [...againstChoices, clipChoice]}
          disabled={isBusy}
          label="Scored against"
          onChange={(value) =>
            scoring.configure({ against: value === "scene" || value === "clip" ? value : "file" })
          }
          value={setup.against}
        />
        {setup.against !== "scene" ? (
          <DropField
            accept={video}
            disabled={isBusy}
            file={setup.reference}
            hint="Drop it here, or click to choose"
            label={referenceLabel(setup)}
            onChange={(reference) => scoring.configure({ reference })}
          />
        ) : (
          <SceneFields {...props} />
        )}
        <DropField
          accept={video}
          disabled={isBusy}
          file={setup.distorted.length === 1 ? (setup.distorted[0] ?? null) : null}
          hint={distortedHint(setup)}
          label="Video to score, as it was received"
          onChange={(distorted) =>
            scoring.configure({ ...nothingKept, distorted: [distorted], ...withoutClip(setup) })
          }
        />
        <KeptField {...props} />
        <HowFields {...props} />
        <div className={parts["buttons"]}>
          {isBusy ? (
            <Button onPress={scoring.cancel} shortcut="c">
              Cancel
            </Button>
          ) : (
            <Button onPress={() => void scoring.start()} primary shortcut="s">
              Score
            </Button>
          )}
        </div>
      </div>
    </Card>
  );
}

function KeptField(props: Part & { readonly state: ScoreState }): ReactNode {
  const { scoring, setup, isBusy, state } = props;
  useEffect(() => void scoring.listKept(), [scoring]);
  const kept = state.keptChoices ?? [];
  if (kept.length === 0) return null;
  return (
    <>
      <SelectField
        choices={[
          { value: "", label: "none of them" },
          ...kept.map(({ id, label }) => ({ value: id, label })),
        ]}
        disabled={isBusy}
        label="Or one of the recordings made here"
        onChange={(id) => void scoring.chooseKept(id)}
        value={setup.kept?.id ?? ""}
      />
      <PartField isBusy={isBusy} scoring={scoring} setup={setup} />
    </>
  );
}

/** Where a recording is several files, they are scored one after the other unless one is chosen. */
function PartField({ scoring, setup, isBusy }: Part): ReactNode {
  const { keptParts, distorted } = setup;
  if (keptParts.length < 2) return null;
  return (
    <SelectField
      choices={[
        { value: "all", label: "all of them, one after the other" },
        ...keptParts.map(({ label }, index) => ({ value: String(index), label })),
      ]}
      disabled={isBusy}
      label={`The recording is ${keptParts.length} files, since its codec or rendition changed; scored is`}
      onChange={(value) =>
        scoring.configure({
          distorted: keptParts
            .filter((_, index) => value === "all" || value === String(index))
            .map(({ file }) => file),
        })
      }
      value={distorted.length > 1 ? "all" : String(keptParts.findIndex(({ file }) => file === distorted[0]))}
    />
  );
}

function SceneFields({ scoring, setup, isBusy }: Part): ReactNode {
  return (
    <div className={styles["pair"]}>
      <NumberField
        disabled={isBusy}
        label="Seed of the scene"
        max={999_999_999}
        min={0}
        onChange={(seed) => scoring.configure({ seed })}
        value={setup.seed}
      />
      <NumberField
        disabled={isBusy}
        label="Sent width, 0: as received"
        max={3840}
        min={0}
        onChange={(sentWidthPx) => scoring.configure({ sentWidthPx })}
        value={setup.sentWidthPx}
      />
      <NumberField
        disabled={isBusy}
        label="Sent height, 0: as received"
        max={2160}
        min={0}
        onChange={(sentHeightPx) => scoring.configure({ sentHeightPx })}
        value={setup.sentHeightPx}
      />
    </div>
  );
}

function HowFields({ scoring, setup, isBusy }: Part): ReactNode {
  return (
    <>
      {setup.against === "file" && (
        <SelectField
          choices={alignChoices}
          disabled={isBusy}
          label="Frames paired"
          onChange={(value) =>
            scoring.configure({ align: alignChoices.find((each) => each.value === value)?.value ?? "auto" })
          }
          value={setup.align}
        />
      )}
      {setup.against === "file" && setup.align === "index" && (
        <NumberField
          disabled={isBusy}
          label="Offset: received frame 0 goes with this reference frame"
          max={9_999_999}
          min={-9_999_999}
          onChange={(offset) => scoring.configure({ offset })}
          value={setup.offset}
        />
      )}
      <SelectField
        choices={decoderChoices}
        disabled={isBusy}
        label="Decoded by"
        onChange={(value) =>
          scoring.configure({ decoder: decoderChoices.find((each) => each.value === value)?.value ?? "auto" })
        }
        value={setup.decoder}
      />
      <ModelFields isBusy={isBusy} scoring={scoring} setup={setup} />
    </>
  );
}
