import type { ClipFacts } from "../../core/clip/clip.ts";
import { succeed, type Result } from "../../core/failure.ts";
import type { Marker } from "../../core/marker/payload.ts";
import type { References } from "../../core/quality/score-request.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import type { ClipRemake, RemakeOf } from "../clip/remake.ts";

/** A frame whose reference is wanted, with the markers that the frames beside it have. */
export type WantedReference = {
  readonly before: Marker | null;
  readonly marker: Marker;
  readonly after: Marker | null;
};

/** A reference as a scorer takes it. */
export type MadeReference = {
  readonly references: References;
  /** Buffers to be given away with it. */
  readonly transfer: readonly Transferable[];
  /** What making it took so far, ms of a core. */
  readonly tookMs: number;
};

/** Makes the references of one stream. Whoever made it closes it. */
export type LiveReference = {
  readonly runNumber: number;
  readonly fps: number;
  readonly make: (wanted: WantedReference) => Promise<Result<MadeReference>>;
  readonly close: () => void;
};

/** What can be said of references once facts are told. */
export type ReferenceState =
  | { readonly kind: "ready"; readonly reference: LiveReference }
  /** The file that was sent has to be given first. */
  | { readonly kind: "wanting"; readonly clip: ClipFacts; readonly why: string }
  | { readonly kind: "none"; readonly why: string };

function ofScene(facts: StreamFacts, scene: "builtin" | "marker"): LiveReference {
  const { runNumber, fps, seed, widthPx, heightPx } = facts;
  const reference = { scene, seed, widthPx, heightPx };
  return {
    runNumber,
    fps,
    make: async ({ before, marker, after }) => {
      const references = { kind: "scene", scene: reference, before, frames: [marker], after } as const;
      return succeed({ references, transfer: [], tookMs: 0 });
    },
    close: () => undefined,
  };
}

function ofClip({ runNumber, fps }: StreamFacts, remake: ClipRemake): LiveReference {
  return {
    runNumber,
    fps,
    make: async ({ before, marker, after }) => {
      const made = await remake.luma([before, marker, after].filter((each) => each !== null));
      if (!made.ok) return made;
      const planes = [...made.value.planes];
      const first = before === null ? null : (planes.shift() ?? null);
      const last = after === null ? null : (planes.pop() ?? null);
      return succeed({
        references: { kind: "pictures", before: first, frames: planes, after: last },
        transfer: made.value.planes.map(({ data }) => data.buffer as ArrayBuffer),
        tookMs: made.value.tookMs,
      });
    },
    close: remake.close,
  };
}

/**
 * What the references of a stream are made of.
 * @param fileOf the file of this hash, where it was given
 */
export function referenceFor(
  facts: StreamFacts,
  fileOf: (sha256: string) => File | null,
  createRemake: (of: RemakeOf) => ClipRemake,
): ReferenceState {
  const { scene, clip, fps, widthPx, heightPx } = facts;
  if (scene === "builtin" || scene === "marker") return { kind: "ready", reference: ofScene(facts, scene) };
  if (clip === undefined) {
    const why =
      scene === "file"
        ? "the sender's browser plays its file without telling which picture each frame shows"
        : `the sender's pictures (${scene}) cannot be made again here: live scores need its built-in scene or a video file`;
    return { kind: "none", why };
  }
  const file = fileOf(clip.sha256);
  if (file === null) {
    return {
      kind: "wanting",
      clip,
      why: `it is scored once this page is given the file ${clip.name} that the sender sends`,
    };
  }
  const remake = createRemake({ file, clip, fps, widthPx, heightPx });
  return { kind: "ready", reference: ofClip(facts, remake) };
}
